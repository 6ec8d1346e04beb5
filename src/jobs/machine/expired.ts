import { afterGivingUp } from "./late-task.ts";
import { AFTER_THE_END, NOT_FOR_PEOPLE } from "./ignored.ts";
import { ignored, type StateCells } from "./row.ts";
import { SETTLED_LOOKING_ON } from "./settling.ts";

/** No end was seen in 8 days: the hold was given back. */
export const expired: StateCells = {
  settled: SETTLED_LOOKING_ON,
  ...afterGivingUp({ words: "its settlement is pending", ignored: "first the hold is given back" }),
  ...AFTER_THE_END,
  billed: ignored("the hold was given back: the bill decides nothing any more"),
  resolved: NOT_FOR_PEOPLE,
};
