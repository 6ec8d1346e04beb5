import type { EventOf } from "./event.ts";
import { emptyResult, ended } from "./ends.ts";
import type { ByAnswer, When, Ignored, Case, Effect } from "./row.ts";

const decided = (
  action: "capture" | "release",
  to: "cancelled" | "failed",
  shown: string,
): Effect<EventOf<"resolved">> => ({
  effect: `a person decided: ${shown}; the journal says who, and why`,
  to,
  settle: {
    action,
    outcome: to,
    because: ({ event }: Case<EventOf<"resolved">>) => ({ reason: event.reason, resolvedBy: event.actor }),
  },
  change: ({ now }) => ended(emptyResult(`decided by the operator: ${shown}`, 0), now),
});

/** A person's word on a job that nobody can tell. */
export const decidedByPeople = (unless?: When<EventOf<"resolved">, Ignored>): ByAnswer<"resolved"> => ({
  ...(unless ? { unless } : {}),
  answers: {
    capture: [decided("capture", "cancelled", "charged")],
    release: [decided("release", "failed", "not charged")],
  },
});
