import { notTaken, withdrawn } from "./ends.ts";
import { BEFORE_THE_END, NO_POST, NOT_FOR_PEOPLE, NOT_LOST, WITHOUT_TASK } from "./ignored.ts";
import type { StateCells } from "./row.ts";

/** Stored, and not sent, or it certainly created nothing so far. */
export const queued: StateCells = {
  post_started: [
    {
      effect: "`sent_at` is now. This alone permits a POST",
      to: "submitting",
      change: ({ now, pace }) => ({ sentAt: now, nextAt: now + pace.submitMsMax }),
    },
  ],
  waited: [
    notTaken(),
    { effect: "it asks again when it was told to", change: ({ event, now }) => ({ nextAt: now + event.againMs }) },
  ],
  cancel_asked: [withdrawn("given back at once")],
  post_answered: NO_POST,
  send_limit_passed: NO_POST,
  ...WITHOUT_TASK,
  adopted: NOT_LOST,
  walked: NOT_LOST,
  resolved: NOT_FOR_PEOPLE,
  ...BEFORE_THE_END,
};
