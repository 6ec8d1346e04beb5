import { expect, vi } from "vitest";
import type { TenantLedgerApi } from "../../../../src/ledger/types.ts";
import { accessOf } from "./book-keys.ts";
import { fitsInMs } from "./book-limits.ts";
import { byId } from "./book-money.ts";
import { priceOf } from "./book-prices.ts";
import { end, nowOf, write, type Book } from "./book.ts";
import { HOUR_MS, nextWindow, ZONES } from "./calendar.ts";
import { at, callsOf, offer, requestOf } from "./calls.ts";
import { again, changeOnce, type Remembered } from "./change-once.ts";
import { compareAudit, same } from "./compare.ts";
import type { Real } from "./real.ts";
import { MODELS, type Step } from "./step.ts";
import { submit } from "./submit.ts";
import type { Tally } from "./tally.ts";

/** A history under way. */
export interface Scene {
  real: Real;
  book: Book;
  tally: Tally;
  /** Changes that had an Idempotency-Key. */
  remembered: Remembered[];
}

/** One step in both; each answer of the ledger is the one of the books. */
export async function take(step: Step, { real, book, tally, remembered }: Scene): Promise<void> {
  const ledger = real.ledger();
  switch (step.do) {
    case "submit": {
      const request = requestOf(book, step);
      return request ? submit({ ledger, book, tally }, request, step.times) : undefined;
    }
    case "quote":
      return quote(ledger, book, step);
    case "settle":
      return settle(ledger, book, step);
    case "note":
      return note(ledger, book, step);
    case "arrive": {
      const job = at(book.jobs, step.pick);
      if (!job || !real.arrive) return;
      real.arrive(job.id);
      job.arrived = true;
      return;
    }
    case "alarm":
      return alarm(real, book);
    case "authenticate":
      return authenticate(ledger, book, step);
    case "publish":
      return publish(book, step);
    case "change":
      for (const call of callsOf(book, step.change)) {
        tally.saw(await changeOnce(ledger, book, call, step.once, JSON.stringify(call)));
        if (step.once !== null) remembered.push({ call, once: step.once });
      }
      return;
    case "again": {
      const earlier = at(remembered, step.pick);
      if (earlier) tally.saw(await again(ledger, book, earlier, step.otherBody));
      return;
    }
    case "forget":
      return real.forget();
    case "audit":
      return compareAudit(real, book);
    default:
      moveClock(book, step);
  }
}

function moveClock(
  book: Book,
  step: Extract<Step, { do: "wait" | "wait_for_window" | "wait_for_rate" | "clock_back" }>,
): void {
  if (step.do === "wait") book.clock += step.ms;
  else if (step.do === "clock_back") book.clock -= step.ms;
  else if (step.do === "wait_for_rate") {
    const limit = at(byId(book.limits), step.pick);
    if (limit) book.clock = Math.max(book.clock, nowOf(book) + fitsInMs(book, limit) + step.offset);
  } else {
    const zone = step.zone === null ? book.zone : (ZONES[step.zone] ?? book.zone);
    book.clock = Math.max(book.clock, nextWindow(step.kind, nowOf(book), zone) + step.offset);
  }
  vi.setSystemTime(book.clock);
}

async function quote(ledger: TenantLedgerApi, book: Book, step: Extract<Step, { do: "quote" }>): Promise<void> {
  const { seconds } = step;
  const model = MODELS[step.model] ?? "";
  const job = { model, seconds, rates: offer(book, model, seconds, "all") };
  const priced = priceOf(book, job);
  same(await ledger.price(job), typeof priced === "string" ? null : priced, "price");
  const key = at(book.keys, step.key);
  if (typeof priced === "string" || !key) return;
  const { priceMicros, rateVersion, pricingVersion } = priced;
  const id = book.quotes.length.toString(16).padStart(16, "0");
  const expiresAt = nowOf(book) + step.lifeMs;
  book.quotes.push({
    id,
    tenant: book.tenant,
    mode: key.mode,
    model,
    seconds,
    priceMicros,
    rateVersion,
    pricingVersion,
    expiresAt,
  });
}

async function settle(ledger: TenantLedgerApi, book: Book, step: Extract<Step, { do: "settle" }>): Promise<void> {
  const { action, outcome } = step;
  const job = step.stranger ? undefined : at(book.jobs, step.pick);
  const jobId = job?.id ?? `${book.tenant}0000${"0".repeat(16)}`;
  const isOpen = job?.state === "held";
  if (isOpen) end(book, job, action, outcome, "as told");
  const answer = await ledger.settle({ jobId, action, outcome, reason: "as told" });
  same(answer, isOpen ? "settled" : "not_open", "settle");
}

async function note(ledger: TenantLedgerApi, book: Book, step: Extract<Step, { do: "note" }>): Promise<void> {
  const job = at(book.jobs, step.pick);
  if (!job) return;
  await ledger.note({ jobId: job.id, kind: step.kind, reason: "odd" });
  if (job.state !== "held") return;
  if (step.kind === "needs_operator") {
    if (!job.needsOperator) write(book, () => ({ kind: "needs_operator", jobId: job.id, reason: "odd" }));
    job.needsOperator = true;
  } else {
    const entered = step.kind === "unknown_entered";
    if (job.unknown !== entered) write(book, () => ({ kind: "unknown", jobId: job.id, entered }));
    job.unknown = entered;
  }
}

/** Holds of an hour whose jobs never arrived at their trackers are void. */
async function alarm(real: Real, book: Book): Promise<void> {
  for (const job of book.jobs) {
    const isDue = job.state === "held" && !job.arrived && job.facts.admittedAt <= nowOf(book) - HOUR_MS;
    if (isDue) end(book, job, "release", "never_sent", "the submit was never started");
  }
  await real.alarm();
}

async function authenticate(
  ledger: TenantLedgerApi,
  book: Book,
  step: Extract<Step, { do: "authenticate" }>,
): Promise<void> {
  const key = at(book.keys, step.key);
  if (!key) return;
  const caller = { keyId: key.id, keyHash: at(key.issued, step.secret) ?? "", mode: key.mode, ip: null };
  const access = accessOf(book, caller);
  const answer = await ledger.authenticate(caller);
  if ("refusal" in access) return expect(answer).toMatchObject({ ok: false, error: { code: access.refusal } });
  expect(answer).toMatchObject({ ok: true, value: { key: { id: key.id }, secretExpiresAt: access.expiresAt } });
}

function publish(book: Book, { model, unit, unitMicros, leadMs }: Extract<Step, { do: "publish" }>): void {
  const name = MODELS[model] ?? "";
  const list = book.prices.get(name) ?? [];
  book.prices.set(name, [...list, { version: list.length + 1, effectiveFrom: nowOf(book) + leadMs, unit, unitMicros }]);
}
