import type { BillingAnswer, PollAnswer, PostAnswer, PredictionResult } from "../upstream/answers.ts";
import type { Job, PendingSettlement } from "./job.ts";
import { pollDelayMs, retryDelayMs, type Pace } from "./pace.ts";

/** Everything that can happen to a job. The table of all of them is in this folder's README. */
export type JobEvent =
  | { kind: "post_started" }
  | { kind: "post_answered"; answer: PostAnswer }
  /** It has asked for its turn, which has not come; it asks again after `againMs`. */
  | { kind: "waited"; againMs: number }
  | { kind: "send_limit_passed" }
  /** Somebody who may wants it not to be sent. */
  | { kind: "cancel_asked" }
  | { kind: "polled"; answer: PollAnswer }
  | { kind: "billed"; answer: BillingAnswer }
  | { kind: "adopted"; upstreamId: string }
  /** Another job has the task that this one was told is its own. */
  | { kind: "claim_refused" }
  /** A walk of WaveSpeed's list; `unclaimed`: tasks with this input that no job has. */
  | { kind: "walked"; complete: boolean; unclaimed: string[] }
  | { kind: "settled" }
  /** A look at a task whose job was given up, or that turned up for one. */
  | { kind: "polled_late"; answer: PollAnswer; upstreamId: string }
  | { kind: "loss_recorded" }
  /** A person decided what becomes of a job that nobody can tell. */
  | { kind: "resolved"; action: PendingSettlement["action"]; reason: string; actor: string };

export const QUEUED_MS_MAX = 24 * 3_600_000;
export const EXPIRED_MS = 8 * 24 * 3_600_000;
/** What stands for a 404 where WaveSpeed's own words stand; it has no such word. */
const GONE = "(gone)";
const GONE_MS_MAX = 3_600_000;
const UNRECOGNISED_MS_MAX = 24 * 3_600_000;
/** A task of a job that was given up is still looked at this often, for as long as this: WaveSpeed keeps results for a week. */
const LATE_POLL_MS = 6 * 3_600_000;
const LATE_MS_MAX = 30 * 24 * 3_600_000;
const BILLING_MS_MAX = 4 * 3_600_000;
const WALKS_NEEDED = 2;

/** What changes; an empty change means that the event does not apply in this state. */
export type Change = Partial<Job>;

/** The pure state machine: the row as it is, one event, the clock. */
export function transition(job: Job, event: JobEvent, now: number, pace: Pace): Change {
  switch (event.kind) {
    case "post_started":
      if (job.state !== "queued") return {};
      return { state: "submitting", sentAt: now, nextAt: now + pace.submitMsMax };
    case "post_answered":
      return job.state === "submitting" ? answered(job, event.answer, now, pace) : {};
    case "waited":
      return job.state === "queued" ? (overQueued(job, "its turn", now) ?? { nextAt: now + event.againMs }) : {};
    case "send_limit_passed":
      return job.state === "submitting" ? { state: "unknown", unknownAt: now, nextAt: now } : {};
    case "cancel_asked":
      if (job.state === "submitting") return { cancelAsked: true };
      return job.state === "queued" ? withdrawn(now) : {};
    case "adopted":
      if (job.state !== "unknown") return {};
      return {
        state: "running",
        runningAt: now,
        upstreamId: event.upstreamId,
        claimed: true,
        attempts: 0,
        nextAt: now,
      };
    case "claim_refused":
      if (job.state !== "running") return {};
      // The id goes too: an expired job is looked at late by its id, and this one shows another's video.
      return {
        state: "unknown",
        unknownAt: now,
        upstreamId: null,
        needsOperator: true,
        nextAt: now + pace.unknownWalkGapMs,
      };
    case "walked":
      return job.state === "unknown" ? walked(job, event, now, pace) : {};
    case "polled":
      return job.state === "running" ? polled(job, event.answer, now, pace) : {};
    case "billed":
      return job.state === "cancelled" && job.outcome === null ? billed(job, event.answer, now, pace) : {};
    case "settled":
      if (!job.settlement) return {};
      return { settlement: null, settled: job.settlement.action, settledAt: now, nextAt: lateLook(job, now) };
    case "polled_late":
      return isGivenUp(job) ? polledLate(job, event, now) : {};
    case "resolved":
      return isUnclear(job) ? resolved(event, now) : {};
    case "loss_recorded":
      return job.loss === null ? {} : { loss: null, nextAt: null };
  }
}

function answered(job: Job, answer: PostAnswer, now: number, pace: Pace): Change {
  switch (answer.kind) {
    case "created":
      return {
        state: "running",
        runningAt: now,
        upstreamId: answer.upstreamId,
        upstreamStatus: answer.status,
        attempts: 0,
        nextAt: now + pollDelayMs(0, pace),
      };
    case "not_created":
      if (job.cancelAsked) return withdrawn(now);
      return (
        overQueued(job, answer.reason, now) ?? {
          state: "queued",
          attempts: job.attempts + 1,
          // The later of theirs and ours: a retry-after of 0 must not turn one job into a flood.
          nextAt: now + Math.max(answer.retryAfterMs ?? 0, retryDelayMs(job.attempts, pace)),
        }
      );
    case "refused": {
      const { status, code, message } = answer;
      const change = ended(
        "failed",
        { action: "release", outcome: "failed", reason: message },
        emptyResult(message, code),
        now,
      );
      return { ...change, refusal: { status, code, message } };
    }
    case "account_fault":
      if (job.cancelAsked) return withdrawn(now);
      return elsewhere(job, now) ?? neverSent("the upstream account could not take the job", now);
    case "lost":
      return { state: "unknown", unknownAt: now, attempts: 0, nextAt: now + pace.unknownFirstMs };
  }
}

/** Refused by one account, it goes to the next that may have it; none is asked twice. */
function elsewhere(job: Job, now: number): Change | null {
  const accounts = job.accounts.filter((name) => name !== job.account);
  const [account] = accounts;
  return account === undefined ? null : { state: "queued", account, accounts, nextAt: now };
}

const overQueued = (job: Job, reason: string, now: number): Change | null =>
  now - job.createdAt > QUEUED_MS_MAX ? neverSent(`not accepted within 24 hours: ${reason}`, now) : null;

function polled(job: Job, answer: PollAnswer, now: number, pace: Pace): Change {
  const again = { nextAt: now + pollDelayMs(now - (job.sentAt ?? job.createdAt), pace) };
  switch (answer.kind) {
    case "working":
      return overdue(job, now) ?? { ...again, upstreamStatus: answer.status, attempts: 0, oddSince: null };
    case "completed":
      return ended("completed", { action: "capture", outcome: "completed", reason: "" }, answer.result, now);
    case "failed":
      return ended("failed", { action: "release", outcome: "failed", reason: answer.result.error }, answer.result, now);
    case "ended_unpriced":
      return {
        state: "cancelled",
        result: answer.result,
        upstreamStatus: answer.status,
        endedAt: now,
        oddSince: now,
        attempts: 0,
        nextAt: now,
      };
    case "gone":
      return overdue(job, now) ?? odd(job, GONE, GONE_MS_MAX, now, again);
    case "unrecognised":
      return overdue(job, now) ?? odd(job, answer.status, UNRECOGNISED_MS_MAX, now, again);
    case "unreachable":
      return overdue(job, now) ?? { attempts: job.attempts + 1, nextAt: now + retryDelayMs(job.attempts, pace) };
  }
}

/**
 * A task that is missing, or speaks a word nobody knows, is only given up after a time without anything
 * else: a 404 after a day of an unknown word begins a time of its own.
 */
function odd(job: Job, word: string, msMax: number, now: number, again: Change): Change {
  const since = job.upstreamStatus === word ? (job.oddSince ?? now) : now;
  if (now - since <= msMax) return { ...again, upstreamStatus: word, oddSince: since };
  const reason = word === GONE ? "the task is no longer known upstream" : `unrecognised status ${word}`;
  return { state: "cancelled", result: emptyResult(reason, 0), endedAt: now, oddSince: now, attempts: 0, nextAt: now };
}

function billed(job: Job, answer: BillingAnswer, now: number, pace: Pace): Change {
  if (answer === "charged") return cancelled("capture", "charged upstream", now);
  if (answer === "refunded") return cancelled("release", "refunded upstream", now);
  const late = answer === "nothing" && now - (job.oddSince ?? now) > BILLING_MS_MAX;
  const change = overdue(job, now) ?? {
    attempts: job.attempts + 1,
    nextAt: now + retryDelayMs(job.attempts + 4, pace),
  };
  return late ? { ...change, needsOperator: true } : change;
}

/**
 * Two complete walks, far enough apart that no POST of another job can still be in flight, decide:
 * nothing seen twice is nothing created. One and the same candidate seen twice is adopted by the
 * account object (event `adopted`); if it got here all the same, or there are several, people decide.
 */
function walked(job: Job, walk: { complete: boolean; unclaimed: string[] }, now: number, pace: Pace): Change {
  const next = { nextAt: now + pace.unknownWalkGapMs, attempts: job.attempts + 1 };
  const sendLimit = (job.sentAt ?? job.createdAt) + pace.submitMsMax;
  if (!walk.complete || now < sendLimit) return overdue(job, now) ?? next;
  const [only, ...more] = walk.unclaimed;
  if (only !== undefined) {
    const operator = more.length > 0 || (job.candidate === only && secondWalk(job, now, pace));
    const seen = { walks: 0, walkedAt: now, candidate: more.length > 0 ? null : only };
    return overdue(job, now) ?? { ...next, ...seen, ...(operator ? { needsOperator: true } : {}) };
  }
  if (provesNothing(job, now, pace)) return neverSent("nothing was created upstream", now);
  if (job.walks > 0 && !secondWalk(job, now, pace)) return next;
  return { ...next, walks: job.walks + 1, walkedAt: now, candidate: null };
}

/** Whether one more complete walk without a candidate proves that nothing was created. */
export const provesNothing = (job: Job, now: number, pace: Pace): boolean =>
  job.walks + 1 >= WALKS_NEEDED &&
  secondWalk(job, now, pace) &&
  now >= (job.sentAt ?? job.createdAt) + pace.submitMsMax;

/** Whether enough time lies between the last complete walk and now. */
export const secondWalk = (job: Job, now: number, pace: Pace): boolean =>
  job.walkedAt !== null && now - job.walkedAt >= pace.unknownWalkGapMs;

/** Whether people may decide it: its outcome was lost, or the machine has asked for them. */
export const isUnclear = (job: Job): boolean =>
  job.settlement === null &&
  job.outcome === null &&
  (job.state === "unknown" || (job.needsOperator && (job.state === "running" || job.state === "cancelled")));

function resolved({ action, reason, actor }: Extract<JobEvent, { kind: "resolved" }>, now: number): Change {
  const outcome = action === "capture" ? "cancelled" : "failed";
  const shown = `decided by the operator: ${action === "capture" ? "charged" : "not charged"}`;
  return {
    state: outcome,
    outcome,
    settlement: { action, outcome, reason, resolvedBy: actor },
    result: emptyResult(shown, 0),
    endedAt: now,
    attempts: 0,
    nextAt: now,
  };
}

/** Given up without WaveSpeed having said how it ended: a task may still come of it, which nobody here pays. */
export const isGivenUp = (job: Job): boolean =>
  job.settlement === null &&
  (job.state === "expired" || (job.state === "failed" && job.outcome === "never_sent" && job.sentAt !== null));

const lateLook = (job: Job, now: number): number | null => {
  const isLate = job.state === "expired" || job.outcome === "never_sent";
  return isLate && job.upstreamId !== null && now - job.createdAt <= LATE_MS_MAX ? now + LATE_POLL_MS : null;
};

/** A late completion is delivered and is a loss; any other end, or nothing in a month, ends the looking. */
function polledLate(job: Job, { answer, upstreamId }: { answer: PollAnswer; upstreamId: string }, now: number): Change {
  if (answer.kind === "completed") {
    const loss = "completed after it was given up; not charged";
    return { state: "completed", result: answer.result, upstreamId, endedAt: now, loss, nextAt: now };
  }
  // A 404 may be a slip as well. The task is kept: no second webhook names it.
  const hasEnded = answer.kind === "failed" || answer.kind === "ended_unpriced";
  return { upstreamId, nextAt: hasEnded ? null : lateLook({ ...job, upstreamId }, now) };
}

const cancelled = (action: "capture" | "release", reason: string, now: number): Change => ({
  settlement: { action, outcome: "cancelled", reason },
  outcome: "cancelled",
  nextAt: now,
});

/** Never sent for certain, so it is given back at once. */
const withdrawn = (now: number): Change => ({
  ...cancelled("release", "cancelled before it was sent", now),
  state: "cancelled",
  result: emptyResult("cancelled before it was sent", 0),
  endedAt: now,
});

function overdue(job: Job, now: number): Change | null {
  if (now - job.createdAt <= EXPIRED_MS) return null;
  const reason = "no end was seen in 8 days";
  return ended("expired", { action: "release", outcome: "expired", reason }, emptyResult(reason, 0), now);
}

const neverSent = (reason: string, now: number): Change =>
  ended("failed", { action: "release", outcome: "never_sent", reason }, emptyResult(reason, 5003), now);

const ended = (
  state: "completed" | "failed" | "expired",
  settlement: PendingSettlement,
  result: PredictionResult,
  now: number,
): Change => ({ state, settlement, outcome: settlement.outcome, result, endedAt: now, attempts: 0, nextAt: now });

const emptyResult = (error: string, code: number): PredictionResult => ({
  outputs: [],
  hasNsfwContents: null,
  error,
  code,
  executionTime: 0,
  timings: { inference: 0 },
});
