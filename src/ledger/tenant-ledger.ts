import { DurableObject } from "cloudflare:workers";
import { parseConfig, type Config, type Env } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { JobAddress } from "../keys/job-id.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { log } from "../observability/log.ts";
import { AlarmClock } from "../storage/alarm-clock.ts";
import { migrate } from "../storage/migrate.ts";
import * as budgets from "./budget-store.ts";
import { checkKey } from "./check-key.ts";
import * as holds from "./hold-store.ts";
import { sweepIdempotent } from "./idempotency-store.ts";
import * as journal from "./journal-store.ts";
import * as keys from "./key-store.ts";
import { note } from "./note.ts";
import { Outbox } from "./outbox.ts";
import { reserve } from "./reserve.ts";
import { SANDBOX_BUDGET } from "./sandbox-budget.ts";
import { LEDGER_STEPS } from "./schema.ts";
import { settle } from "./settle.ts";
import { ShardPicker } from "./shard-picker.ts";
import * as tenants from "./tenant-store.ts";
import { Upkeep } from "./upkeep.ts";
import type {
  ApiKey,
  AuditStep,
  Budget,
  BudgetState,
  Caller,
  FullAudit,
  Reservation,
  ReserveRequest,
  TenantInfo,
  TenantLedgerApi,
} from "./types.ts";

/** Holds that one alarm asks trackers about, and idempotency rows that it clears. */
const RECOVER_MAX = 200;

/**
 * The money and access of one tenant: keys, budgets, holds, journal. Each method is one transaction
 * of plain SQL without an await in it; what must go out (usage entries) goes after.
 */
export class TenantLedger extends DurableObject<Env> implements TenantLedgerApi {
  readonly #config: Config;
  readonly #sql: SqlStorage;
  readonly #outbox: Outbox;
  readonly #shards: ShardPicker;
  readonly #upkeep: Upkeep;
  readonly #clock: AlarmClock;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#config = parseConfig(env);
    this.#sql = state.storage.sql;
    migrate(state.storage, LEDGER_STEPS);
    this.#outbox = new Outbox(this.#sql, env.USAGE_QUEUE, tenants.reportedSeq(this.#sql));
    this.#shards = new ShardPicker(holds.openByShard(this.#sql));
    this.#upkeep = new Upkeep(state.storage, env, this.#config);
    this.#clock = new AlarmClock(state, () => this.#nextDue());
  }

  async provision(input: { tenant: string; name: string; timeZone: string }): Promise<TenantInfo> {
    return this.#transaction(() => tenants.provision(this.#sql, input, Date.now()));
  }

  async describe(): Promise<TenantInfo | null> {
    return tenants.findTenant(this.#sql);
  }

  async createKey(input: Omit<ApiKey, "createdAt" | "revokedAt"> & { hash: string }): Promise<Result<ApiKey, Refusal>> {
    return this.#transaction(() => {
      if (!tenants.findTenant(this.#sql)) return err(NO_TENANT_HERE);
      if (keys.countKeys(this.#sql) >= keys.KEYS_MAX) {
        return err<Refusal>({ code: "conflict", message: `a tenant has at most ${keys.KEYS_MAX} keys` });
      }
      const { hash, ...known } = input;
      const key: ApiKey = { ...known, createdAt: journal.ledgerNow(this.#sql), revokedAt: null };
      keys.insertKey(this.#sql, { ...key, hash });
      return ok(key);
    });
  }

  async listKeys(): Promise<ApiKey[]> {
    return keys.listKeys(this.#sql);
  }

  async revokeKey(keyId: string): Promise<Result<ApiKey, Refusal>> {
    return this.#transaction(() => {
      keys.markRevoked(this.#sql, keyId, journal.ledgerNow(this.#sql));
      const key = keys.findKey(this.#sql, keyId);
      if (!key) return err<Refusal>({ code: "not_found", message: `key ${keyId} does not exist` });
      const { hash: _hash, ...known } = key;
      return ok(known);
    });
  }

  async putBudget(
    input: Omit<Budget, "timeZone"> & { timeZone: string | null },
  ): Promise<Result<BudgetState, Refusal>> {
    return this.#transaction(() => {
      const tenant = tenants.findTenant(this.#sql);
      if (!tenant) return err(NO_TENANT_HERE);
      const isNew = budgets.findBudget(this.#sql, input.id) === null;
      if (isNew && budgets.countBudgets(this.#sql) >= budgets.BUDGETS_MAX) {
        return err<Refusal>({ code: "conflict", message: `a tenant has at most ${budgets.BUDGETS_MAX} budgets` });
      }
      const now = journal.ledgerNow(this.#sql);
      const budget = { ...input, timeZone: input.timeZone ?? tenant.timeZone };
      // A sandbox budget that somebody gave replaces the one that nobody asked for.
      if (budget.mode === "test" && budget.scope.kind === "tenant") {
        budgets.removeBudget(this.#sql, SANDBOX_BUDGET.id);
      }
      budgets.replaceBudget(this.#sql, budget, now);
      return ok(budgets.stateAt(this.#sql, budget, now));
    });
  }

  async deleteBudget(budgetId: string): Promise<Result<null, Refusal>> {
    return this.#transaction(() => {
      if (!budgets.findBudget(this.#sql, budgetId)) {
        return err<Refusal>({ code: "not_found", message: `budget ${budgetId} does not exist` });
      }
      budgets.removeBudget(this.#sql, budgetId);
      return ok(null);
    });
  }

  async budgets(): Promise<BudgetState[]> {
    const now = journal.ledgerNow(this.#sql);
    return budgets.allBudgets(this.#sql).map((budget) => budgets.stateAt(this.#sql, budget, now));
  }

  async authenticate(caller: Caller): Promise<Result<{ key: ApiKey; tenant: TenantInfo }, Refusal>> {
    const tenant = tenants.findTenant(this.#sql);
    const key = checkKey(keys.findKey(this.#sql, caller.keyId), caller, journal.ledgerNow(this.#sql));
    if (!key.ok) return key;
    return tenant ? ok({ key: key.value, tenant }) : err(NO_TENANT_HERE);
  }

  async reserve(request: ReserveRequest): Promise<Result<Reservation, Refusal>> {
    const shard = this.#shards.pick();
    const result = this.#transaction(() => {
      const tenant = tenants.findTenant(this.#sql);
      return tenant ? reserve(this.#sql, tenant, request, shard) : err(NO_TENANT_HERE);
    });
    if (result.ok && !result.value.replayed) {
      this.#shards.opened(shard);
      this.#clock.arm(result.value.job.admittedAt + this.#config.holdAckMs);
      this.#flush();
    }
    return result;
  }

  async acknowledge(jobIds: string[]): Promise<void> {
    this.#transaction(() => {
      for (const jobId of jobIds) holds.acknowledgeHold(this.#sql, jobId);
    });
  }

  async settle(input: Parameters<TenantLedgerApi["settle"]>[0]): Promise<"settled" | "not_open"> {
    const tenant = tenants.findTenant(this.#sql);
    const hold = holds.findHold(this.#sql, input.jobId);
    if (!tenant || !hold) return "not_open";
    const answer = this.#transaction(() => settle(this.#sql, tenant, input));
    if (answer === "settled") this.#shards.closed(hold.shard);
    this.#afterEntry();
    return answer;
  }

  async note(input: Parameters<TenantLedgerApi["note"]>[0]): Promise<void> {
    const tenant = tenants.findTenant(this.#sql);
    if (!tenant) return;
    this.#transaction(() => note(this.#sql, tenant, input));
    this.#afterEntry();
  }

  async entries(afterSeq: number, limit: number): ReturnType<TenantLedgerApi["entries"]> {
    return await this.#upkeep.entries(afterSeq, Math.min(Math.max(limit, 1), journal.ENTRIES_MAX));
  }

  async reported(seq: number): Promise<void> {
    this.#transaction(() => tenants.setReportedSeq(this.#sql, seq));
  }

  async auditStep(run: string | null): Promise<AuditStep> {
    return this.#upkeep.auditStep(tenants.findTenant(this.#sql)?.tenant ?? "", run);
  }

  async beginFullAudit(): Promise<FullAudit> {
    const audit = this.#upkeep.beginFullAudit();
    this.#clock.arm(Date.now() + this.#config.upkeepMs);
    return audit;
  }

  async fullAudit(id: string): Promise<FullAudit | null> {
    return this.#upkeep.fullAudit(id);
  }

  async wakeTrackers(): Promise<void> {
    const tenant = tenants.findTenant(this.#sql);
    if (!tenant) return;
    for (const shard of holds.openByShard(this.#sql).keys()) {
      await trackerOf(this.env, { tenant: tenant.tenant, shard }).voidUnstarted([]);
    }
  }

  /** Asks about holds that no tracker acknowledged, sends again what D1 has not reported, and does a step of upkeep. */
  override async alarm(): Promise<void> {
    this.#clock.rang();
    const tenant = tenants.findTenant(this.#sql);
    if (!tenant) return;
    // A handler that throws is given up by the platform after six tries, so nothing may escape.
    try {
      await this.#recoverHolds(tenant);
      sweepIdempotent(this.#sql, Date.now(), RECOVER_MAX);
      const reported = tenants.reportedSeq(this.#sql);
      if (journal.journalHead(this.#sql).seq > reported) {
        this.#outbox.rewind(reported);
        await this.#outbox.flush(tenant.tenant);
      }
    } catch (error) {
      log.error("ledger alarm failed", { tenant: tenant.tenant, error });
    }
    await this.#upkeep.step(tenant.tenant, Date.now());
    const next = this.#nextDue();
    if (next !== null) this.#clock.arm(next);
  }

  /** A hold is never released because it is old: only a tracker's tombstone permits that. */
  async #recoverHolds(tenant: TenantInfo): Promise<void> {
    const due = holds.unacknowledged(this.#sql, Date.now() - this.#config.holdAckMs, RECOVER_MAX);
    for (const [shard, group] of Map.groupBy(due, (hold) => hold.shard)) {
      const ids = group.map((hold) => hold.job.jobId);
      try {
        await this.#askTracker({ tenant: tenant.tenant, shard }, ids);
      } catch (error) {
        // One tracker's trouble must not keep the holds of the others.
        log.error("a tracker did not answer for its holds", { tenant: tenant.tenant, shard, error });
      }
    }
  }

  async #askTracker(address: JobAddress, jobIds: string[]): Promise<void> {
    const answer = await trackerOf(this.env, address).voidUnstarted(jobIds);
    await this.acknowledge(answer.known);
    for (const jobId of answer.voided) {
      await this.settle({ jobId, action: "release", outcome: "never_sent", reason: "the submit was never started" });
    }
  }

  /** When an unacknowledged hold or an unreported entry wants a look, or null. */
  #nextDue(): number | null {
    const { holdAckMs } = this.#config;
    const oldest = holds.oldestUnacknowledged(this.#sql);
    const unreported = journal.journalHead(this.#sql).seq > tenants.reportedSeq(this.#sql);
    const upkeep = this.#upkeep.nextDue(Date.now());
    const times = [
      ...(upkeep === null ? [] : [upkeep]),
      ...(oldest === null ? [] : [Math.max(oldest + holdAckMs, Date.now() + holdAckMs / 4)]),
      ...(unreported ? [Date.now() + holdAckMs] : []),
    ];
    return times.length === 0 ? null : Math.min(...times);
  }

  #afterEntry(): void {
    this.#clock.arm(Date.now() + this.#config.holdAckMs);
    this.#flush();
  }

  #flush(): void {
    const tenant = tenants.findTenant(this.#sql)?.tenant;
    if (tenant === undefined) return;
    this.ctx.waitUntil(
      this.#outbox
        .flush(tenant)
        .catch((error: unknown) => log.warn("usage entries wait for the alarm", { tenant, error })),
    );
  }

  #transaction<T>(work: () => T): T {
    return this.ctx.storage.transactionSync(work);
  }
}

const NO_TENANT_HERE: Refusal = { code: "not_found", message: "this tenant does not exist" };
