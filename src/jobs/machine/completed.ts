import { AFTER_THE_END, NO_BILL, NOT_FOR_PEOPLE, NOT_GIVEN_UP } from "./ignored.ts";
import { ignored, type StateCells } from "./row.ts";
import { SETTLED } from "./settling.ts";

/** WaveSpeed made it. */
export const completed: StateCells = {
  settled: SETTLED,
  loss_recorded: [
    {
      when: { name: "pending", words: "a loss is pending", holds: ({ job }) => job.loss !== null },
      effect: "the loss is cleared; nothing is left to do",
      change: () => ({ loss: null, nextAt: null }),
    },
    ignored("there is no loss, or it was recorded"),
  ],
  ...AFTER_THE_END,
  billed: NO_BILL,
  polled_late: NOT_GIVEN_UP,
  resolved: NOT_FOR_PEOPLE,
};
