import { afterGivingUp } from "./late-task.ts";
import { AFTER_THE_END, NO_BILL, NOT_FOR_PEOPLE } from "./ignored.ts";
import type { StateCells } from "./row.ts";
import { SETTLED } from "./settling.ts";

/** No output will come of it: WaveSpeed failed or refused it, or it was never sent. */
export const failed: StateCells = {
  settled: SETTLED,
  ...afterGivingUp({
    words: "WaveSpeed failed or refused it, it had no POST, or its settlement is pending",
    ignored: "it was not given up, or not yet",
  }),
  ...AFTER_THE_END,
  billed: NO_BILL,
  resolved: NOT_FOR_PEOPLE,
};
