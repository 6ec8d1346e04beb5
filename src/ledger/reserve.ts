import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { makeJobId } from "../keys/job-id.ts";
import { refuseUncovered } from "./admission.ts";
import { holdCredit } from "./credit-store.ts";
import { insertHold } from "./hold-store.ts";
import { recordIdempotent, recordRecent } from "./idempotency-store.ts";
import { appendEntry } from "./journal-store.ts";
import type { JobFacts } from "./journal-entry.ts";
import type { LedgerState } from "./ledger-state.ts";
import { countSubmit } from "./limit-store.ts";
import { checkLimits, type LimitVerdict } from "./limits.ts";
import { priceJob, refuseQuote, withQuote } from "./price-job.ts";
import { pickVersion, useVersion } from "./rate-version.ts";
import { findEarlier } from "./replay.ts";
import { readWallets, type Wallets } from "./wallets.ts";
import { raiseThresholds } from "./thresholds.ts";
import type { ApiKey, Priced, Quota, Reservation, ReserveRequest, TenantInfo } from "./types.ts";

/** A submit of a key that was found good, in the ledger of its tenant. */
export interface Submit {
  sql: SqlStorage;
  state: LedgerState;
  key: ApiKey;
  request: ReserveRequest;
  shard: number;
}

/** A reservation or a refusal, and what is left of the limits that bound it. */
export type Reserved = Result<Reservation, Refusal> & { quotas: Quota[] };

/**
 * Admits a job or refuses it whole, inside one transaction of the tenant's ledger. What it admits is held
 * before it returns. Refusals come in the order of the room's README: 403, 409, 402, 429, 503.
 */
export function reserve(submit: Submit): Reserved {
  const { key, request, state } = submit;
  const refused = refuseAccess(state.tenant, key, request);
  if (refused) return without(err(refused));
  const earlier = findEarlier(submit);
  if (earlier?.ok) return without(earlier);
  if (request.refusal && !isLast(request)) return without(err(request.refusal));
  if (earlier) return without(earlier);
  const priced = price(submit);
  return priced.ok ? hold(submit, priced.value) : without(priced);
}

const without = (result: Result<Reservation, Refusal>): Reserved => ({ ...result, quotas: [] });

function refuseAccess(tenant: TenantInfo, key: ApiKey, { model }: ReserveRequest): Refusal | null {
  if (tenant.status === "suspended") {
    return { code: "tenant_suspended", message: `this tenant is suspended: ${tenant.statusReason}` };
  }
  if (key.models === null || key.models.includes(model)) return null;
  return { code: "model_not_allowed", message: `this key may not use model ${model}` };
}

/** A pause or a lack of accounts (503) is told only to a job that could be admitted otherwise, and that takes a price. */
const isLast = ({ refusal, rates }: ReserveRequest): boolean =>
  (refusal?.code === "paused" || refusal?.code === "upstream_unavailable") && rates.length > 0;

function price({ state, request }: Submit): Result<Priced, Refusal> {
  const { quote, caller, model, seconds } = request;
  const { tenant, now } = state;
  const job = { tenant: tenant.tenant, mode: caller.mode, model, seconds };
  const refusedQuote = quote && refuseQuote(quote, job, now);
  if (refusedQuote) return err(refusedQuote);
  const rate = pickVersion(state, model, request.rates);
  if (!rate) return err(noRate(request));
  const priced = priceJob(request, rate, tenant.pricing);
  return priced ? ok(withQuote(priced, quote)) : err({ code: "model_unpriced", message: NO_PRICE(model) });
}

function hold(submit: Submit, priced: Priced): Reserved {
  const { sql, request, shard, state } = submit;
  const { now, tenant } = state;
  const wallets = readWallets(submit);
  const uncovered = refuseUncovered(priced.priceMicros, wallets.budgets, wallets.credit);
  if (uncovered) return without(err(uncovered));
  const limits = checkLimits(wallets.limits, wallets.moment, request.refusal);
  if (limits.refusal) return { ...err(limits.refusal), quotas: limits.quotas };

  const job = makeJob(submit, priced, wallets.credit !== null);
  const entry = { kind: "hold", job } as const;
  const head = appendEntry(sql, entry, now, tenant.timeZone, state.head);
  state.counters.append(state, head, entry, wallets.budgets);
  useVersion(sql, state, job.model, job.rateVersion);
  count(submit, job, wallets, limits);
  const made = { job, holdSeq: head.seq };
  const idempotency = recordIdempotent(sql, request, made, now) ?? recordRecent(sql, submit.key, request, made, now);
  insertHold(sql, { job, shard, seq: head.seq, idempotency });
  return { ...ok({ job, shard, replayed: false, open: true }), quotas: limits.quotas };
}

/** Writes the hold into what counts it now, and not by its entry. */
function count({ sql, state }: Submit, job: JobFacts, wallets: Wallets, limits: LimitVerdict): void {
  const { priceMicros, admittedAt } = job;
  for (const budget of wallets.budgets) {
    const after = { ...budget, heldMicros: budget.heldMicros + priceMicros };
    raiseThresholds(sql, state.tenant, after, admittedAt);
  }
  if (job.onCredit) holdCredit(sql, priceMicros);
  for (const next of limits.next) countSubmit(sql, next);
}

function makeJob({ state, key, request, shard }: Submit, priced: Priced, onCredit: boolean): JobFacts {
  return {
    jobId: makeJobId({ tenant: state.tenant.tenant, shard }, random16()),
    mode: request.caller.mode,
    keyId: key.id,
    team: key.team,
    model: request.model,
    tags: request.tags,
    seconds: request.seconds,
    ...priced,
    onCredit,
    admittedAt: state.now,
  };
}

/** 16 hex digits from the parts of a UUID that are all random (RFC 9562, 5.4): cheaper than bytes that become text. */
function random16(): string {
  const uuid = crypto.randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-8);
}

const NO_PRICE = (model: string): string => `model ${model} has no price, so it is refused`;

/** Prices were offered, but only older ones than were used before: that isolate's settings are behind. */
const noRate = ({ model, rates }: ReserveRequest): Refusal =>
  rates.length > 0
    ? { code: "settings_stale", message: `the price list offered for ${model} is out of date`, retryAfterSeconds: 30 }
    : { code: "model_unpriced", message: NO_PRICE(model) };
