import type { Job, JobState } from "../job.ts";

/** What a tracker is asked about an id, before or after it has a row for it. `start_without_room`: for its body. */
export type Ask = "start" | "start_without_room" | "void_unstarted";

export interface Arrival {
  effect: string;
  /** The row that is made; null: none. */
  makes: Extract<JobState, "queued" | "void"> | null;
}

/** How a row comes to be. `accepted`: the ledger has the hold, and the tracker nothing; `known`: any state but void. */
export const ARRIVALS: Record<"accepted" | "known" | "void", Record<Ask, Arrival>> = {
  accepted: {
    start: {
      effect:
        "stored with its body; where a connection is free and no permit is wanted, `post_started` in the same write",
      makes: "queued",
    },
    start_without_room: {
      effect: "a tombstone; the edge answers 503 and gives the hold back as `never_sent`",
      makes: "void",
    },
    void_unstarted: { effect: "a tombstone; the ledger gives the hold back as `never_sent`", makes: "void" },
  },
  known: {
    start: { effect: "ignored: answered with the job as it is", makes: null },
    start_without_room: { effect: "ignored: answered with the job as it is", makes: null },
    void_unstarted: { effect: "ignored: answered that it is known, so the hold stays", makes: null },
  },
  void: {
    start: { effect: "ignored: refused, for ever", makes: null },
    start_without_room: { effect: "ignored: refused, for ever", makes: null },
    void_unstarted: { effect: "ignored: answered that it is void", makes: null },
  },
};

/**
 * What the question does, by what the tracker has under the id. A start is asked as for an id that is not known: where it is, its
 * insert does nothing, as the table says.
 */
export function arrival(job: Job | null, ask: Ask): Arrival {
  if (job === null) return ARRIVALS.accepted[ask];
  return job.state === "void" ? ARRIVALS.void[ask] : ARRIVALS.known[ask];
}
