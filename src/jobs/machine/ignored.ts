import type { EventKind } from "./event.ts";
import { ignored, type Ignored } from "./row.ts";

type SomeIgnored = Partial<Record<EventKind, Ignored>>;

const NO_TASK = ignored("it has no task");
const NOT_ENDED = ignored("it has not ended");
const LATE = ignored("it has ended: an answer that comes late is dropped");

export const NO_POST = ignored("no POST of it is on its way");
export const NO_LOSS = ignored("it has no loss");
export const NOT_LOST = ignored("its task is not lost");
export const NOT_GIVEN_UP = ignored("it was not given up");
export const NOT_WAITING = ignored("it does not wait for its turn");
export const NO_BILL = ignored("its end says who pays: no bill is asked for");
export const NOT_FOR_PEOPLE = ignored("people do not decide it: the machine knows, or will");

/** What an open job cannot be told yet. */
export const BEFORE_THE_END = {
  settled: NOT_ENDED,
  polled_late: NOT_ENDED,
  billed_late: NOT_ENDED,
  loss_recorded: NOT_ENDED,
} as const satisfies SomeIgnored;

/** What speaks of a task, to a job that has none. */
export const WITHOUT_TASK = { polled: NO_TASK, billed: NO_TASK, claim_refused: NO_TASK } as const satisfies SomeIgnored;

/** What comes too late for a job that has ended. */
export const AFTER_THE_END = {
  post_started: ignored("it has ended, and is never sent again"),
  post_answered: LATE,
  waited: NOT_WAITING,
  send_limit_passed: NO_POST,
  cancel_asked: ignored("it has ended"),
  polled: LATE,
  adopted: LATE,
  claim_refused: LATE,
  walked: LATE,
} as const satisfies SomeIgnored;
