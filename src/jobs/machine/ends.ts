import type { PredictionResult } from "../../upstream/answers.ts";
import { EXPIRED_MS, QUEUED_MS_MAX } from "./limits.ts";
import type { Case, Change, Condition, Effect, When } from "./row.ts";

/** What every end leaves: its result, when it was, and something to settle at once. */
export const ended = (result: PredictionResult, now: number): Change => ({
  result,
  endedAt: now,
  attempts: 0,
  nextAt: now,
});

/** The result of a job that WaveSpeed did not end. */
export const emptyResult = (error: string, code: number): PredictionResult => ({
  outputs: [],
  hasNsfwContents: null,
  error,
  code,
  executionTime: 0,
  timings: { inference: 0 },
});

/** Failed without a task, by no fault of the input: its Idempotency-Key is free again. */
export const neverSent = <E>(effect: string, because: (given: Case<E>) => string): Effect<E> => ({
  effect,
  to: "failed",
  settle: { action: "release", outcome: "never_sent", because: (given) => ({ reason: because(given) }) },
  change: (given) => ended(emptyResult(because(given), 5003), given.now),
});

/** No account took it for a day. What was said of the account is no tenant's affair. */
export const notTaken = <E>(): When<E> => ({
  when: {
    name: "day-old",
    words: "over 24 h after admission",
    holds: ({ job, now }) => now - job.createdAt > QUEUED_MS_MAX,
  },
  ...neverSent("given up", () => "not accepted within 24 hours"),
});

const WITHDRAWN = "cancelled before it was sent";

/** Never sent for certain, so it is given back at once. */
export const withdrawn = <E>(effect: string): Effect<E> => ({
  effect,
  to: "cancelled",
  settle: { action: "release", outcome: "cancelled", because: () => ({ reason: WITHDRAWN }) },
  change: ({ now }) => ({ result: emptyResult(WITHDRAWN, 0), endedAt: now, nextAt: now }),
});

export const OVERDUE: Condition<unknown> = {
  name: "overdue",
  words: "over 8 days after admission",
  holds: ({ job, now }) => now - job.createdAt > EXPIRED_MS,
};

const NO_END = "no end was seen in 8 days";

/** The hold is given back; the ledger writes it off. */
export const expires = <E>(when: Condition<E> = OVERDUE, effect = "given up", more: Change = {}): When<E> => ({
  when,
  effect,
  to: "expired",
  settle: { action: "release", outcome: "expired", because: () => ({ reason: NO_END }) },
  change: ({ now }) => ({ ...ended(emptyResult(NO_END, 0), now), ...more }),
});

/** Both at once. */
export const both = <E>(a: Condition<E>, b: Condition<E>): Condition<E> => ({
  name: `${a.name}-${b.name}`,
  words: `${a.words}, and ${b.words}`,
  holds: (given) => a.holds(given) && b.holds(given),
});
