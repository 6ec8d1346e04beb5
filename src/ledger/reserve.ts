import { randomBytes } from "node:crypto";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { makeJobId, parseJobId } from "../keys/job-id.ts";
import { refuseOverBudget } from "./admission.ts";
import { bindingBudgets, countHeld, replaceBudget } from "./budget-store.ts";
import { checkKey } from "./check-key.ts";
import { findHold, insertHold } from "./hold-store.ts";
import { findIdempotent, recordIdempotent } from "./idempotency-store.ts";
import { appendEntry, ledgerNow } from "./journal-store.ts";
import type { JobFacts } from "./journal-entry.ts";
import { findKey } from "./key-store.ts";
import { SANDBOX_BUDGET } from "./sandbox-budget.ts";
import { scopesOf } from "./scope.ts";
import { pickVersion } from "./rate-version.ts";
import type { Reservation, ReserveRequest, TenantInfo } from "./types.ts";

/**
 * Admits a job or refuses it whole. Runs inside one transaction of the tenant's ledger, in the
 * order of refusals: key, model, idempotency, budgets. What it admits is held before it returns.
 */
export function reserve(
  sql: SqlStorage,
  tenant: TenantInfo,
  request: ReserveRequest,
  shard: number,
): Result<Reservation, Refusal> {
  const now = ledgerNow(sql);
  const key = checkKey(findKey(sql, request.caller.keyId), request.caller, now);
  if (!key.ok) return key;
  if (key.value.models !== null && !key.value.models.includes(request.model)) {
    return err({ code: "model_not_allowed", message: `this key may not use model ${request.model}` });
  }

  const earlier = findIdempotent(sql, request, now);
  if (earlier) {
    if (earlier.bodyHash !== request.bodyHash) return err(idempotencyConflict(request.idempotencyKey ?? ""));
    return ok(replay(sql, earlier.job));
  }

  if (request.refusal) return err(request.refusal);
  const rate = pickVersion(sql, request.model, request.rates, now);
  if (!rate) return err(noRate(request));
  const job: JobFacts = {
    jobId: makeJobId({ tenant: tenant.tenant, shard }, randomBytes(8).toString("hex")),
    mode: request.caller.mode,
    keyId: key.value.id,
    team: key.value.team,
    model: request.model,
    tags: request.tags,
    seconds: request.seconds,
    costMicros: rate.costMicros,
    priceMicros: rate.costMicros,
    rateVersion: rate.version,
    admittedAt: now,
  };
  return hold(sql, tenant, job, shard, request);
}

function hold(
  sql: SqlStorage,
  tenant: TenantInfo,
  job: JobFacts,
  shard: number,
  request: ReserveRequest,
): Result<Reservation, Refusal> {
  const binding = budgetsOf(sql, tenant, job);
  const refusal = refuseOverBudget(job.priceMicros, binding);
  if (refusal) return err(refusal);

  const seq = appendEntry(sql, { kind: "hold", job }, job.admittedAt, tenant.timeZone);
  for (const budget of binding) countHeld(sql, budget, job.admittedAt, job.priceMicros);
  const idempotency = recordIdempotent(sql, request, { job, holdSeq: seq }, job.admittedAt);
  insertHold(sql, { job, shard, seq, idempotency });
  return ok({ job, shard, replayed: false, open: true });
}

/** The budgets that bind, after a sandbox job got its daily allowance where none was given. */
function budgetsOf(sql: SqlStorage, tenant: TenantInfo, job: JobFacts): ReturnType<typeof bindingBudgets> {
  const read = () => bindingBudgets(sql, job.mode, scopesOf(job), job.admittedAt);
  const binding = read();
  if (job.mode === "live" || binding.some((budget) => budget.scope.kind === "tenant")) return binding;
  replaceBudget(sql, { ...SANDBOX_BUDGET, timeZone: tenant.timeZone }, job.admittedAt);
  return read();
}

const replay = (sql: SqlStorage, job: JobFacts): Reservation => ({
  job,
  shard: parseJobId(job.jobId)?.shard ?? 0,
  replayed: true,
  open: findHold(sql, job.jobId) !== null,
});

/** Prices were offered, but only older ones than were used before: that isolate's settings are behind. */
const noRate = ({ model, rates }: ReserveRequest): Refusal =>
  rates.length > 0
    ? { code: "settings_stale", message: `the price list offered for ${model} is out of date`, retryAfterSeconds: 30 }
    : { code: "model_unpriced", message: `model ${model} has no price, so it is refused` };

const idempotencyConflict = (key: string): Refusal => ({
  code: "idempotency_conflict",
  message: `Idempotency-Key ${key.slice(0, 64)} was used with a different body`,
});
