import type { Refusal } from "../errors/catalogue.ts";
import { gcra, type ArrivalTime } from "./gcra.ts";
import type { CountedLimit, NextCount } from "./limit-store.ts";
import { describeScope } from "./scope.ts";
import type { Quota } from "./types.ts";

/** How soon to try again when jobs run at the limit: nobody knows when one ends. */
const RUNNING_RETRY_SECONDS = 10;

/** The moment at which limits are looked at: epoch ms, the tenant's day, and when that ends. */
export interface LimitMoment {
  now: number;
  day: string;
  dayEnd: number;
}

/** One submit against every limit that binds it, at once: refused whole by the first that is full. */
export interface LimitVerdict {
  refusal: Refusal | null;
  /** As they stand after the submit, or as they stand when it is refused. */
  quotas: Quota[];
  next: NextCount[];
}

/** `last`: why a submit is refused that no limit refuses, or null. */
export function checkLimits(
  limits: readonly CountedLimit[],
  moment: LimitMoment,
  last: Refusal | null = null,
): LimitVerdict {
  const looks = limits.map((limit) => lookAt(limit, moment));
  const refusal = looks.map((look) => look.refusal).find((found) => found !== null) ?? last;
  // Refused: nothing was taken, not even from those that had room.
  const quotas = looks.flatMap((look) => (refusal === null ? look.after : look.before));
  return { refusal, quotas, next: looks.map((look) => look.next) };
}

interface Look {
  refusal: Refusal | null;
  before: Quota[];
  after: Quota[];
  next: NextCount;
}

function lookAt(limit: CountedLimit, moment: LimitMoment): Look {
  const rate = lookAtRate(limit, moment);
  const parts = [lookAtRunning(limit), lookAtDay(limit, moment), rate].filter((part) => part !== null);
  return {
    refusal: parts.map((part) => part.refusal).find((refusal) => refusal !== null) ?? null,
    before: parts.map((part) => part.before),
    after: parts.map((part) => part.after),
    next: {
      id: limit.id,
      arrival: rate ? rate.arrival : limit.arrival,
      day: moment.day,
      submits: submitsOn(limit, moment.day) + 1,
    },
  };
}

interface Part {
  refusal: Refusal | null;
  before: Quota;
  after: Quota;
}

function lookAtRate(limit: CountedLimit, { now }: LimitMoment): (Part & { arrival: ArrivalTime | null }) | null {
  const { requestsPerMinute: perMinute } = limit;
  if (perMinute === null) return null;
  const burst = limit.burst ?? perMinute;
  const verdict = gcra(limit.arrival, { perMinute, burst }, now);
  const quota = (remaining: number, resetMs: number): Quota => ({
    policy: `${limit.id}.minute`,
    quota: perMinute,
    windowSeconds: 60,
    unit: "requests",
    remaining,
    resetSeconds: Math.ceil(resetMs / 1_000),
  });
  if (verdict.allowed) {
    const { remaining, resetMs, tat } = verdict;
    return { refusal: null, before: quota(remaining + 1, resetMs), after: quota(remaining, resetMs), arrival: tat };
  }
  // A refusal's reset is its retry, as the draft of the fields asks (section 6).
  const full = quota(0, verdict.retryAfterMs);
  const retryAfterSeconds = Math.ceil(verdict.retryAfterMs / 1_000);
  const facts = { requests_per_minute: perMinute, burst };
  const refusal = refuse(limit, "rate_limited", `${perMinute} submits a minute`, retryAfterSeconds, facts);
  return { refusal, before: full, after: full, arrival: limit.arrival };
}

function lookAtRunning(limit: CountedLimit): Part | null {
  const { concurrentJobs, running } = limit;
  if (concurrentJobs === null) return null;
  const quota = (remaining: number): Quota => ({
    policy: `${limit.id}.jobs`,
    quota: concurrentJobs,
    windowSeconds: null,
    unit: "concurrent-requests",
    remaining: Math.max(0, remaining),
    resetSeconds: null,
  });
  const facts = { concurrent_jobs: concurrentJobs, running_jobs: running };
  const full = running >= concurrentJobs;
  return {
    refusal: full
      ? refuse(limit, "too_many_jobs", `${concurrentJobs} jobs at once`, RUNNING_RETRY_SECONDS, facts)
      : null,
    before: quota(concurrentJobs - running),
    after: quota(concurrentJobs - running - 1),
  };
}

function lookAtDay(limit: CountedLimit, { now, day, dayEnd }: LimitMoment): Part | null {
  const { submitsPerDay } = limit;
  if (submitsPerDay === null) return null;
  const submits = submitsOn(limit, day);
  const seconds = Math.max(1, Math.ceil((dayEnd - now) / 1_000));
  const quota = (remaining: number): Quota => ({
    policy: `${limit.id}.day`,
    quota: submitsPerDay,
    windowSeconds: 86_400,
    unit: "requests",
    remaining: Math.max(0, remaining),
    resetSeconds: seconds,
  });
  const facts = { submits_per_day: submitsPerDay, submits_today: submits };
  const full = submits >= submitsPerDay;
  return {
    refusal: full ? refuse(limit, "daily_limit", `${submitsPerDay} submits a day`, seconds, facts) : null,
    before: quota(submitsPerDay - submits),
    after: quota(submitsPerDay - submits - 1),
  };
}

const submitsOn = (limit: CountedLimit, day: string): number => (limit.day === day ? limit.submits : 0);

function refuse(
  limit: CountedLimit,
  code: "rate_limited" | "too_many_jobs" | "daily_limit",
  what: string,
  retryAfterSeconds: number,
  facts: Record<string, number>,
): Refusal {
  const scope = describeScope(limit.scope);
  return {
    code,
    message: `limit ${limit.id} of ${scope} allows ${what}; try again in ${retryAfterSeconds} s`,
    details: { limit: limit.id, scope, ...facts },
    retryAfterSeconds,
  };
}
