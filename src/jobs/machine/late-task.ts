import type { BillingAnswer, PollAnswer } from "../../upstream/answers.ts";
import type { Answered, EventOf } from "./event.ts";
import { LATE_MS_MAX, LATE_POLL_MS } from "./limits.ts";
import { ignored, type ByAnswer, type Condition, type Rows, type StateCells } from "./row.ts";
import { isGivenUp } from "./unclear.ts";

const MONTH_OLD: Condition<unknown> = {
  name: "month-old",
  words: "over 30 days after admission",
  holds: ({ job, now }) => now - job.createdAt > LATE_MS_MAX,
};

const goesOn = <A extends PollAnswer["kind"]>(then = ""): Rows<Answered<"polled_late", A>> => [
  {
    when: MONTH_OLD,
    effect: `the task is its own; it is looked at no more${then}`,
    change: ({ event }) => ({ upstreamId: event.upstreamId, nextAt: null }),
  },
  {
    effect: `the task is its own; looked at again in 6 hours${then}`,
    change: ({ event, now }) => ({ upstreamId: event.upstreamId, nextAt: now + LATE_POLL_MS }),
  },
];

const stops = <A extends PollAnswer["kind"]>(): Rows<Answered<"polled_late", A>> => [
  {
    effect: "it stays as it ended; the task is looked at no more",
    change: ({ event }) => ({ upstreamId: event.upstreamId, nextAt: null }),
  },
];

/** A late completion is delivered and is a loss; a failure, or nothing in a month, ends the looking. */
const lateTask = (unless: { words: string; ignored: string }): ByAnswer<"polled_late"> => ({
  unless: {
    when: {
      name: "not-given-up",
      words: `${unless.words}, or it has another task`,
      holds: ({ job, event }) => !isGivenUp(job) || ![null, event.upstreamId].includes(job.upstreamId),
    },
    ignored: `${unless.ignored}; and its task is never replaced`,
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
    ended_unpriced: goesOn<"ended_unpriced">("; its bill is asked at once"),
    // A slip as well as an end: and no second webhook names the task.
    gone: goesOn<"gone">(),
    unrecognised: goesOn<"unrecognised">(),
    unreachable: goesOn<"unreachable">(),
  },
});

const asksOn = <A extends BillingAnswer>(): Rows<Answered<"billed_late", A>> => [
  { when: MONTH_OLD, effect: "it is asked no more", change: () => ({ nextAt: null }) },
  { effect: "task and bill are looked at again in 6 hours", change: ({ now }) => ({ nextAt: now + LATE_POLL_MS }) },
];

/** Of a late task that ended without saying who pays. */
const lateBill = (unless: { words: string; ignored: string }): ByAnswer<"billed_late"> => ({
  unless: {
    when: {
      name: "not-given-up",
      words: `${unless.words}, or a loss is pending`,
      holds: ({ job }) => !isGivenUp(job) || job.loss !== null,
    },
    ignored: unless.ignored,
  },
  answers: {
    charged: [
      {
        effect: "it stays as it ended; a `loss`, which the ledger is told until it has it",
        change: ({ now }) => ({ loss: "charged upstream after it was given up; not charged here", nextAt: now }),
      },
    ],
    refunded: [{ effect: "it stays as it ended; it is looked at no more", change: () => ({ nextAt: null }) }],
    nothing: asksOn<"nothing">(),
    unreachable: asksOn<"unreachable">(),
  },
});

/** The ledger has the loss; the task's end is known, so nothing is looked at any more. */
export const LOSS_RECORDED: Rows<EventOf<"loss_recorded">> = [
  {
    when: { name: "pending", words: "a loss is pending", holds: ({ job }) => job.loss !== null },
    effect: "the loss is cleared; nothing is left to do",
    change: () => ({ loss: null, lossBooked: true, nextAt: null }),
  },
  ignored("there is no loss, or it was recorded"),
];

/** What may still come of a job that was given up. */
export const afterGivingUp = (unless: {
  words: string;
  ignored: string;
}): Pick<StateCells, "polled_late" | "billed_late" | "loss_recorded"> => ({
  polled_late: lateTask(unless),
  billed_late: lateBill(unless),
  loss_recorded: LOSS_RECORDED,
});
