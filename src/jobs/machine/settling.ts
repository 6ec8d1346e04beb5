import type { EventOf } from "./event.ts";
import { LATE_MS_MAX, LATE_POLL_MS } from "./limits.ts";
import { ignored, type Case, type Change, type Condition, type Rows, type When } from "./row.ts";

type Settled = EventOf<"settled">;

export const PENDING: Condition<unknown> = {
  name: "pending",
  words: "a settlement is pending",
  holds: ({ job }) => job.settlement !== null,
};

const HAS_TASK: Condition<unknown> = {
  name: "has-task",
  words: "a settlement is pending, the task is known, and the job at most 30 days old",
  holds: ({ job, now }) => job.settlement !== null && job.upstreamId !== null && now - job.createdAt <= LATE_MS_MAX,
};

const cleared = ({ job, now }: Case<Settled>, nextAt: number | null): Change => ({
  settlement: null,
  settled: job.settlement?.action ?? null,
  settledAt: now,
  nextAt,
});

const done: When<Settled> = {
  when: PENDING,
  effect: "the settlement is cleared; nothing is left to do",
  change: (given) => cleared(given, null),
};

const nothing = ignored("there is nothing to settle");

/** The ledger has been told how the job ended. */
export const SETTLED: Rows<Settled> = [done, nothing];

/** The same, of a job that was given up: its task may still end. */
export const SETTLED_LOOKING_ON: Rows<Settled> = [
  {
    when: HAS_TASK,
    effect: "the settlement is cleared; the task is looked at in 6 hours",
    change: (given) => cleared(given, given.now + LATE_POLL_MS),
  },
  done,
  nothing,
];
