import type { PollAnswer } from "../../upstream/answers.ts";
import { pollDelayMs, retryDelayMs } from "../pace.ts";
import { emptyResult, ended, expires } from "./ends.ts";
import type { Answered } from "./event.ts";
import { GONE_MS_MAX, UNRECOGNISED_MS_MAX } from "./limits.ts";
import { BEFORE_THE_END, NOT_FOR_PEOPLE, NOT_LOST, NOT_WAITING, NO_POST } from "./ignored.ts";
import { ignored, type ByAnswer, type Case, type Change, type Rows, type StateCells } from "./row.ts";

/** What stands for a 404 where WaveSpeed's own words stand; it has no such word. */
const GONE = "(gone)";

const again = ({ job, now, pace }: Case<unknown>): Change => ({
  nextAt: now + pollDelayMs(now - (job.sentAt ?? job.createdAt), pace),
});

/** The bill is asked at once. */
const unpriced = (now: number): Change => ({ endedAt: now, oddSince: now, attempts: 0, nextAt: now });

/** A 404 after a day of an unknown word begins a time of its own. */
const oddSince = ({ job, now }: Case<unknown>, word: string): number =>
  job.upstreamStatus === word ? (job.oddSince ?? now) : now;

/** A task that is missing, or speaks a word nobody knows, is only given up after a time without anything else. */
const odd = <A extends PollAnswer["kind"]>(
  limit: { name: string; words: string; ms: number },
  effect: string,
  wordOf: (given: Case<Answered<"polled", A>>) => string,
): Rows<Answered<"polled", A>> => [
  expires(),
  {
    when: {
      name: limit.name,
      words: limit.words,
      holds: (given) => given.now - oddSince(given, wordOf(given)) > limit.ms,
    },
    effect: "the bill is asked at once",
    to: "cancelled",
    change: (given) => {
      const word = wordOf(given);
      const reason = word === GONE ? "the task is no longer known upstream" : `unrecognised status ${word}`;
      return { ...unpriced(given.now), result: emptyResult(reason, 0) };
    },
  },
  {
    effect,
    change: (given) => ({
      ...again(given),
      upstreamStatus: wordOf(given),
      oddSince: oddSince(given, wordOf(given)),
    }),
  },
];

const polled: ByAnswer<"polled"> = {
  answers: {
    working: [
      expires(),
      {
        effect: "next poll",
        change: (given) => ({
          ...again(given),
          upstreamStatus: given.event.answer.status,
          attempts: 0,
          oddSince: null,
        }),
      },
    ],
    completed: [
      {
        effect: "delivered, NSFW flags or not, however late",
        to: "completed",
        settle: { action: "capture", outcome: "completed", because: () => ({ reason: "" }) },
        change: ({ event, now }) => ended(event.answer.result, now),
      },
    ],
    failed: [
      {
        effect: "the error is shown",
        to: "failed",
        settle: {
          action: "release",
          outcome: "failed",
          because: ({ event }) => ({ reason: event.answer.result.error }),
        },
        change: ({ event, now }) => ended(event.answer.result, now),
      },
    ],
    ended_unpriced: [
      {
        effect: "the bill is asked at once",
        to: "cancelled",
        change: ({ event: { answer }, now }) => ({
          ...unpriced(now),
          result: answer.result,
          upstreamStatus: answer.status,
        }),
      },
    ],
    gone: odd<"gone">({ name: "hour", words: "for over 1 h", ms: GONE_MS_MAX }, "next poll", () => GONE),
    unrecognised: odd<"unrecognised">(
      { name: "day", words: "the same word for over 24 h", ms: UNRECOGNISED_MS_MAX },
      "next poll; an alert",
      ({ event }) => event.answer.status,
    ),
    unreachable: [
      expires(),
      {
        effect: "polled again after the back-off",
        change: ({ job, now, pace }) => ({
          attempts: job.attempts + 1,
          nextAt: now + retryDelayMs(job.attempts, pace),
        }),
      },
    ],
  },
};

/** WaveSpeed has the task. */
export const running: StateCells = {
  polled,
  claim_refused: [
    {
      effect:
        "the task is forgotten; people are asked. No walk is complete, unless its body was kept: people, or 8 days",
      to: "unknown",
      change: ({ now, pace }) => ({
        unknownAt: now,
        // The task is another job's, maybe another tenant's: nothing of it may ever show here.
        upstreamId: null,
        upstreamStatus: null,
        needsOperator: true,
        nextAt: now + pace.unknownWalkGapMs,
      }),
    },
  ],
  post_started: ignored("it was sent, and is never sent again"),
  post_answered: NO_POST,
  waited: NOT_WAITING,
  send_limit_passed: NO_POST,
  cancel_asked: ignored("WaveSpeed has it, and offers no way to stop it"),
  billed: ignored("its task has not ended: the bill may still change"),
  adopted: NOT_LOST,
  walked: NOT_LOST,
  resolved: NOT_FOR_PEOPLE,
  ...BEFORE_THE_END,
};
