import type { PollAnswer } from "../../upstream/answers.ts";
import type { Answered } from "./event.ts";
import { LATE_MS_MAX, LATE_POLL_MS } from "./limits.ts";
import type { ByAnswer, Rows } from "./row.ts";
import { isGivenUp } from "./unclear.ts";

const goesOn = <A extends PollAnswer["kind"]>(): Rows<Answered<"polled_late", A>> => [
  {
    when: {
      name: "month-old",
      words: "over 30 days after admission",
      holds: ({ job, now }) => now - job.createdAt > LATE_MS_MAX,
    },
    effect: "the task is its own; it is looked at no more",
    change: ({ event }) => ({ upstreamId: event.upstreamId, nextAt: null }),
  },
  {
    effect: "the task is its own; looked at again in 6 hours",
    change: ({ event, now }) => ({ upstreamId: event.upstreamId, nextAt: now + LATE_POLL_MS }),
  },
];

const stops = <A extends PollAnswer["kind"]>(): Rows<Answered<"polled_late", A>> => [
  {
    effect: "it stays as it ended; the task is looked at no more",
    change: ({ event }) => ({ upstreamId: event.upstreamId, nextAt: null }),
  },
];

/** A late completion is delivered and is a loss; any other end, or nothing in a month, ends the looking. */
export const lateTask = (unless: { words: string; ignored: string }): ByAnswer<"polled_late"> => ({
  unless: {
    when: { name: "not-given-up", words: unless.words, holds: ({ job }) => !isGivenUp(job) },
    ignored: unless.ignored,
  },
  answers: {
    working: goesOn<"working">(),
    completed: [
      {
        effect: "delivered, and not charged: a `loss`, which the ledger is told until it has it",
        to: "completed",
        change: ({ event, now }) => ({
          result: event.answer.result,
          upstreamId: event.upstreamId,
          endedAt: now,
          loss: "completed after it was given up; not charged",
          nextAt: now,
        }),
      },
    ],
    failed: stops<"failed">(),
    ended_unpriced: stops<"ended_unpriced">(),
    // A slip as well as an end: and no second webhook names the task.
    gone: goesOn<"gone">(),
    unrecognised: goesOn<"unrecognised">(),
    unreachable: goesOn<"unreachable">(),
  },
});
