import type { ErrorCode } from "../../../../src/errors/catalogue.ts";
import type { JobFacts } from "../../../../src/ledger/journal-entry.ts";
import type { Limit, LimitState } from "../../../../src/ledger/types.ts";
import { localDate } from "./calendar.ts";
import { byId } from "./book-money.ts";
import { isCovered, nowOf, type Book, type KeptLimit } from "./book.ts";

type Facts = Pick<JobFacts, "mode" | "team" | "keyId" | "model" | "tags">;

export const bindingLimits = (book: Book, job: Facts): KeptLimit[] =>
  byId(book.limits).filter((limit) => limit.mode === job.mode && isCovered(limit.scope, job));

const runningOf = (book: Book, limit: Limit): number =>
  book.jobs.filter(({ state, facts }) => state === "held" && facts.mode === limit.mode && isCovered(limit.scope, facts))
    .length;

const submitsOf = (book: Book, limit: KeptLimit): number => {
  const today = localDate(nowOf(book), book.zone);
  return book.jobs
    .slice(limit.since)
    .filter(({ facts }) => facts.mode === limit.mode && isCovered(limit.scope, facts))
    .filter(({ facts }) => localDate(facts.admittedAt, book.zone) === today).length;
};

/** How far ahead of now the next submit would lie, in parts of 1/rate ms; 60,000 parts are one submit. */
function backlogOf(book: Book, limit: KeptLimit, rate: bigint): bigint {
  if (limit.arrival === null) return 0n;
  const { parts, rate: earlier } = limit.arrival;
  const rounded = (parts * rate + earlier - 1n) / earlier - BigInt(nowOf(book)) * rate;
  return rounded > 0n ? rounded : 0n;
}

const SUBMIT = 60_000n;

/** What of a limit is full, and what remains of each of its parts. `taken`: submits that are about to count. */
export function standingOf(book: Book, limit: KeptLimit) {
  const full: ErrorCode[] = [];
  const remaining: Record<string, number> = {};
  const { concurrentJobs, submitsPerDay, requestsPerMinute } = limit;
  const look = (part: string, code: ErrorCode, left: number): void => {
    remaining[`${limit.id}.${part}`] = Math.max(0, left);
    if (left <= 0) full.push(code);
  };
  if (concurrentJobs !== null) look("jobs", "too_many_jobs", concurrentJobs - runningOf(book, limit));
  if (submitsPerDay !== null) look("day", "daily_limit", submitsPerDay - submitsOf(book, limit));
  if (requestsPerMinute !== null) {
    const burst = BigInt(limit.burst ?? requestsPerMinute) * SUBMIT;
    const left = (burst - backlogOf(book, limit, BigInt(requestsPerMinute))) / SUBMIT;
    look("minute", "rate_limited", Number(left));
  }
  return { full, remaining };
}

/** In how many ms the rate lets the next submit through. */
export function fitsInMs(book: Book, limit: KeptLimit): number {
  const rate = BigInt(limit.requestsPerMinute ?? 1);
  const over = backlogOf(book, limit, rate) - (BigInt(limit.burst ?? rate) - 1n) * SUBMIT;
  return over > 0n ? Number((over + rate - 1n) / rate) : 0;
}

/** A submit was admitted under this limit. */
export function countArrival(book: Book, limit: KeptLimit): void {
  if (limit.requestsPerMinute === null) return;
  const rate = BigInt(limit.requestsPerMinute);
  const now = BigInt(nowOf(book)) * rate;
  limit.arrival = { parts: now + backlogOf(book, limit, rate) + SUBMIT, rate };
}

/** A limit of the same scope goes on counting; another begins with this moment's running jobs. */
export function putLimit(book: Book, limit: Limit): void {
  const earlier = book.limits.get(limit.id);
  const goesOn = earlier && JSON.stringify([earlier.mode, earlier.scope]) === JSON.stringify([limit.mode, limit.scope]);
  const { since, arrival } = goesOn ? earlier : { since: book.jobs.length, arrival: null };
  book.limits.set(limit.id, { ...limit, since, arrival });
}

/** What `limits()` has to answer. */
export const limitStates = (book: Book): LimitState[] =>
  byId(book.limits).map((kept) => {
    const { since: _since, arrival: _arrival, ...limit } = kept;
    return { ...limit, runningJobs: runningOf(book, limit), submitsToday: submitsOf(book, kept) };
  });
