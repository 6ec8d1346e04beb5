import type { Job } from "../job.ts";
import { pollDelayMs, retryDelayMs } from "../pace.ts";
import { emptyResult, ended, neverSent, notTaken, withdrawn } from "./ends.ts";
import { BEFORE_THE_END, NOT_FOR_PEOPLE, NOT_LOST, NOT_WAITING, WITHOUT_TASK } from "./ignored.ts";
import { ignored, type ByAnswer, type Condition, type StateCells } from "./row.ts";

const ACCOUNT_FAULT = "the upstream account could not take the job";

const CANCEL_ASKED: Condition<unknown> = {
  name: "cancel-asked",
  words: "a cancel was asked for",
  holds: ({ job }) => job.cancelAsked,
};

/** The accounts that it was not sent to yet, the preferred first. */
const others = (job: Job): string[] => job.accounts.filter((name) => name !== job.account);

const post_answered: ByAnswer<"post_answered"> = {
  answers: {
    created: [
      {
        effect: "claimed, then polled; at once if its webhook was here before",
        to: "running",
        change: ({ job, event: { answer }, now, pace }) => ({
          runningAt: now,
          upstreamId: answer.upstreamId,
          upstreamStatus: answer.status,
          attempts: 0,
          // Counted from the POST, for which the alarm is set already.
          nextAt:
            job.hookSeen === null ? Math.max((job.sentAt ?? now) + pollDelayMs(0, pace), now + pace.pollMsMin) : now,
        }),
      },
    ],
    not_created: [
      { when: CANCEL_ASKED, ...withdrawn("not sent again") },
      notTaken(),
      {
        effect: "sent again after `retry-after` (at most 10 min) or the back-off, the later",
        to: "queued",
        change: ({ job, event, now, pace }) => ({
          attempts: job.attempts + 1,
          // The later of theirs and ours: a retry-after of 0 must not turn one job into a flood.
          nextAt: now + Math.max(event.answer.retryAfterMs ?? 0, retryDelayMs(job.attempts, pace)),
        }),
      },
    ],
    refused: [
      {
        effect: "the refusal is kept and shown",
        to: "failed",
        settle: {
          action: "release",
          outcome: "failed",
          because: ({ event }) => ({ reason: event.answer.message }),
        },
        change: ({ event: { answer }, now }) => ({
          ...ended(emptyResult(answer.message, answer.code), now),
          refusal: { status: answer.status, code: answer.code, message: answer.message },
        }),
      },
    ],
    account_fault: [
      { when: CANCEL_ASKED, ...withdrawn("an alert; not sent to another account") },
      {
        when: {
          name: "another-account",
          words: "another account may have it, and none is asked twice",
          holds: ({ job }) => others(job).length > 0,
        },
        effect: "an alert; sent to that account at once",
        to: "queued",
        change: ({ job, now }) => ({ account: others(job)[0] ?? job.account, accounts: others(job), nextAt: now }),
      },
      neverSent("an alert; the tenant is not told why", () => ACCOUNT_FAULT),
    ],
    lost: [
      {
        effect: "first walk after the shorter of `SUBMIT_MS_MAX` and `UNKNOWN_WALK_GAP_MS`",
        to: "unknown",
        change: ({ now, pace }) => ({ unknownAt: now, attempts: 0, nextAt: now + pace.unknownFirstMs }),
      },
    ],
  },
};

/** The one POST is on its way. */
export const submitting: StateCells = {
  waited: NOT_WAITING,
  post_started: ignored("it is on its way: a row is sent once"),
  post_answered,
  send_limit_passed: [
    {
      effect: "an answer that comes after is dropped; a walk at once",
      to: "unknown",
      change: ({ now }) => ({ unknownAt: now, nextAt: now }),
    },
  ],
  cancel_asked: [
    {
      effect: "remembered: should nothing have been created, it is not sent again",
      change: () => ({ cancelAsked: true }),
    },
  ],
  ...WITHOUT_TASK,
  adopted: NOT_LOST,
  walked: NOT_LOST,
  resolved: NOT_FOR_PEOPLE,
  ...BEFORE_THE_END,
};
