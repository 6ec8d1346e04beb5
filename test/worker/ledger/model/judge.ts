import type { ErrorCode } from "../../../../src/errors/catalogue.ts";
import type { Budget, Priced, ReserveRequest } from "../../../../src/ledger/types.ts";
import { DAY_MS } from "./calendar.ts";
import { accessOf, useRefusal } from "./book-keys.ts";
import { bindingLimits, countArrival, standingOf } from "./book-limits.ts";
import { bindingBudgets, creditOf, putBudget, remainingOf, SANDBOX_ID, tellThresholds } from "./book-money.ts";
import { priceOf, quoteRefusal, withQuote } from "./book-prices.ts";
import { factsOf, nowOf, write, type Book, type Job, type KeptKey } from "./book.ts";

/** What the ledger has to answer to a submit; `named`: which budget or limit a refusal may name. */
export type Verdict = { keyExpiresAt: number | null; remaining: Record<string, number> } & (
  | { ok: true; job: Job; replayed: boolean }
  | { ok: false; codes: ErrorCode[]; named: string[] | null }
);

type Refused = { codes: ErrorCode[]; named?: string[]; remaining?: Record<string, number> };
type Decided = Refused | { job: Job; replayed: boolean; remaining?: Record<string, number> };

/** Decides on a submit in the order of refusals: 401, 403, 409, 402, 429, 503; and writes what it admits. */
export function judge(book: Book, request: ReserveRequest): Verdict {
  const access = accessOf(book, request.caller);
  if ("refusal" in access) return verdict(null, { codes: [access.refusal] });
  return verdict(access.expiresAt, decide(book, access.key, request));
}

const verdict = (keyExpiresAt: number | null, decided: Decided): Verdict => {
  const { remaining = {} } = decided;
  if ("job" in decided) return { ok: true, keyExpiresAt, ...decided, remaining };
  return { ok: false, keyExpiresAt, remaining, codes: decided.codes, named: decided.named ?? null };
};

function decide(book: Book, key: KeptKey, request: ReserveRequest): Decided {
  const { caller, model, quote, refusal, rates } = request;
  const misuse = useRefusal(key, caller.ip, "submit");
  if (misuse) return { codes: [misuse] };
  if (book.status === "suspended") return { codes: ["tenant_suspended"] };
  if (key.models !== null && !key.models.includes(model)) return { codes: ["model_not_allowed"] };

  const repeat = repeatOf(key, request);
  const earlier = earlierJob(book, key, repeat);
  if (earlier?.repeat?.body === request.bodyHash) return { job: earlier, replayed: true };
  if (refusal && !(refusal.code === "paused" && rates.length > 0)) return { codes: [refusal.code] };
  if (earlier) return { codes: ["idempotency_conflict"] };
  const badQuote = quote && quoteRefusal(book, request, quote);
  if (badQuote) return { codes: [badQuote] };
  const priced = priceOf(book, request);
  if (typeof priced === "string") return { codes: [priced] };
  return fit(book, key, request, withQuote(priced, quote), repeat);
}

function fit(book: Book, key: KeptKey, request: ReserveRequest, priced: Priced, repeat: Job["repeat"]): Decided {
  const { model, seconds, tags, caller, refusal } = request;
  const credit = caller.mode === "live" ? creditOf(book) : null;
  const facts = {
    mode: caller.mode,
    keyId: key.id,
    team: key.team,
    model,
    tags,
    seconds,
    ...priced,
    onCredit: credit !== null,
    admittedAt: nowOf(book),
  };
  const isGiven = (): boolean => bindingBudgets(book, facts).some(({ scope }) => scope.kind === "tenant");
  if (caller.mode === "test" && !isGiven()) putBudget(book, { ...SANDBOX, timeZone: book.zone });
  if (credit === null && !isGiven()) return { codes: ["no_budget"] };

  const left = bindingBudgets(book, facts).map((budget) => ({ id: budget.id, micros: remainingOf(book, budget) }));
  const full = left.filter(({ micros }) => micros < priced.priceMicros);
  const least = Math.max(0, Math.min(...full.map(({ micros }) => micros)));
  const tightest = full.filter(({ micros }) => Math.max(0, micros) === least);
  if (full.length > 0) return { codes: ["budget_exceeded"], named: tightest.map(({ id }) => id) };
  const available = credit ? credit.balanceMicros - credit.heldMicros + credit.limitMicros : Infinity;
  if (available < priced.priceMicros) return { codes: ["credit_exhausted"] };

  const limits = bindingLimits(book, facts);
  const remaining = () => Object.assign({}, ...limits.map((limit) => standingOf(book, limit).remaining));
  const fullLimits = limits.filter((limit) => standingOf(book, limit).full.length > 0);
  const codes = fullLimits.flatMap((limit) => standingOf(book, limit).full);
  if (codes.length > 0) return { codes, named: fullLimits.map(({ id }) => id), remaining: remaining() };
  if (refusal) return { codes: [refusal.code], remaining: remaining() };

  const job = admit(book, facts, repeat);
  for (const limit of limits) countArrival(book, limit);
  return { job, replayed: false, remaining: remaining() };
}

function admit(book: Book, facts: Job["facts"], repeat: Job["repeat"]): Job {
  const marks = { arrived: false, unknown: false, needsOperator: false, repeatable: false };
  const job: Job = { facts, id: "", state: "held", repeat, ...marks };
  book.jobs.push(job);
  write(book, () => ({ kind: "hold", job: factsOf(job) }));
  for (const budget of bindingBudgets(book, facts)) tellThresholds(book, budget);
  return job;
}

const SANDBOX: Omit<Budget, "timeZone"> = {
  id: SANDBOX_ID,
  mode: "test",
  scope: { kind: "tenant" },
  window: "day",
  limitMicros: 100_000_000,
  thresholds: [],
};

function repeatOf(key: KeptKey, { caller, idempotencyKey, bodyHash }: ReserveRequest): Job["repeat"] {
  const owner = `${key.id} ${caller.mode}`;
  if (idempotencyKey !== null) return { scope: `${owner} key ${idempotencyKey}`, body: bodyHash, recent: false };
  if (key.dedupeWindowSeconds === 0) return null;
  return { scope: `${owner} body ${bodyHash}`, body: bodyHash, recent: true };
}

/** The last job that was admitted under the same words, while they are remembered. */
function earlierJob(book: Book, key: KeptKey, repeat: Job["repeat"]): Job | null {
  const last = repeat && book.jobs.findLast((job) => job.repeat?.scope === repeat.scope);
  if (!last || last.repeatable) return null;
  const kept = repeat.recent ? key.dedupeWindowSeconds * 1_000 : 2 * DAY_MS;
  return nowOf(book) - last.facts.admittedAt < kept ? last : null;
}
