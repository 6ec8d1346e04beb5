import type { EventKind } from "./event.ts";
import { ignored, type Ignored, type StateCells } from "./row.ts";

const NEVER = ignored("a tombstone: it never was a job, and never will be");

/** Never started, and never to be. */
export const voided: StateCells = {
  post_started: NEVER,
  post_answered: NEVER,
  waited: NEVER,
  send_limit_passed: NEVER,
  cancel_asked: NEVER,
  polled: NEVER,
  billed: NEVER,
  adopted: NEVER,
  claim_refused: NEVER,
  walked: NEVER,
  settled: NEVER,
  polled_late: NEVER,
  billed_late: NEVER,
  loss_recorded: NEVER,
  resolved: NEVER,
} satisfies Record<EventKind, Ignored>;
