import { AFTER_THE_END, NO_BILL, NOT_FOR_PEOPLE, NOT_GIVEN_UP } from "./ignored.ts";
import { LOSS_RECORDED } from "./late-task.ts";
import type { StateCells } from "./row.ts";
import { SETTLED } from "./settling.ts";

/** WaveSpeed made it. */
export const completed: StateCells = {
  settled: SETTLED,
  loss_recorded: LOSS_RECORDED,
  ...AFTER_THE_END,
  billed: NO_BILL,
  polled_late: NOT_GIVEN_UP,
  billed_late: NOT_GIVEN_UP,
  resolved: NOT_FOR_PEOPLE,
};
