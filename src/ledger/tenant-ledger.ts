import { DurableObject } from "cloudflare:workers";
import { parseConfig, type Config, type Env } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { log } from "../observability/log.ts";
import { AlarmClock, earliest } from "../storage/alarm-clock.ts";
import { migrate } from "../storage/migrate.ts";
import { completeTo } from "../reporting/complete-to.ts";
import { admit } from "./admit.ts";
import { cancelQueued } from "./cancel-queued.ts";
import { allStates } from "./counter-store.ts";
import { Counting } from "./counting.ts";
import { limitStates } from "./change-limits.ts";
import { runChange, type Changed, type ChangeInput, type ChangeKind, type ChangeMeta } from "./changes.ts";
import { expiryOf, refuseKey } from "./check-key.ts";
import { findCredit } from "./credit-store.ts";
import * as holds from "./hold-store.ts";
import { sweepIdempotent } from "./idempotency-store.ts";
import * as journal from "./journal-store.ts";
import * as keys from "./key-store.ts";
import { nothingKept, readState, type LedgerMemory } from "./ledger-state.ts";
import { lookDue } from "./look-due.ts";
import { note } from "./note.ts";
import { doOnce, ONCE_MS, sweepOnce } from "./once-store.ts";
import { Outbox } from "./outbox.ts";
import { priceJob } from "./price-job.ts";
import { pickVersion } from "./rate-version.ts";
import { recoverHolds } from "./recover-holds.ts";
import { lossOf, recordLoss, type BookedLoss } from "./record-loss.ts";
import { LEDGER_STEPS } from "./schema.ts";
import { settle } from "./settle.ts";
import { ShardPicker } from "./shard-picker.ts";
import { standing, type Standing } from "./standing.ts";
import * as tenants from "./tenant-store.ts";
import { UnsureHolds } from "./unsure-holds.ts";
import { Upkeep } from "./upkeep.ts";
import { wakeObjects } from "./wake-objects.ts";
import type { AuditJob, AuditStep } from "./audit/audit-types.ts";
import type {
  Admission,
  ApiKey,
  Authenticated,
  BudgetState,
  Caller,
  CancelSlice,
  Credit,
  LimitState,
  Loss,
  Priced,
  ReserveRequest,
  Settlement,
  TenantInfo,
  TenantLedgerApi,
} from "./types.ts";

/** Holds that one alarm asks trackers about. */
const RECOVER_MAX = 2_000;

/** Rows past their time that one alarm clears of Idempotency-Keys, of submits and of changes: more than come in between. */
const SWEPT_MAX = 5_000;

/**
 * The money and access of one tenant: keys, budgets, holds, journal. Each method is one transaction
 * of plain SQL without an await in it; what must go out (usage entries) goes after.
 */
export class TenantLedger extends DurableObject<Env> implements TenantLedgerApi {
  readonly #config: Config;
  readonly #sql: SqlStorage;
  readonly #memory: LedgerMemory;
  readonly #counting: Counting;
  readonly #outbox: Outbox;
  readonly #shards: ShardPicker;
  readonly #unsure: UnsureHolds;
  readonly #upkeep: Upkeep;
  readonly #clock: AlarmClock;
  /** No look at holds and outbox before this, epoch ms. */
  #lookAt = 0;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#config = parseConfig(env);
    this.#sql = state.storage.sql;
    migrate(state.storage, LEDGER_STEPS);
    this.#memory = nothingKept(this.#sql);
    this.#counting = new Counting(state.storage, this.#memory.counters);
    this.#outbox = new Outbox(this.#sql, env.USAGE_QUEUE, async (id) => (await completeTo(env.REPORT, id)).seq);
    this.#shards = new ShardPicker(holds.openByShard(this.#sql));
    this.#unsure = new UnsureHolds(this.#sql);
    this.#upkeep = new Upkeep(state.storage, env, this.#config, this.#memory.counters);
    this.#clock = new AlarmClock(state, () => this.#dueAtStart());
  }

  async provision(input: { tenant: string; name: string; timeZone: string }): Promise<TenantInfo> {
    return this.ctx.storage.transactionSync(() => tenants.provision(this.#sql, input, Date.now()));
  }

  async describe(): Promise<TenantInfo | null> {
    return tenants.findTenant(this.#sql);
  }

  async change<K extends ChangeKind>(kind: K, input: ChangeInput<K>, meta: ChangeMeta = SYSTEM): Promise<Changed<K>> {
    const before = journal.journalHead(this.#sql).seq;
    const changed = this.#decide((): Changed<K> => {
      const tenant = tenants.findTenant(this.#sql);
      if (!tenant) return { ...err(NO_TENANT_HERE), replayed: false };
      const { actor, within = false, once = null } = meta;
      const context = { sql: this.#sql, tenant, now: journal.ledgerNow(this.#sql), actor, within };
      return doOnce(this.#sql, once, context.now, () => runChange(kind, context, input));
    });
    if (journal.journalHead(this.#sql).seq > before) this.#afterEntry();
    if (meta.once) this.#clock.arm(Date.now() + ONCE_MS);
    return changed;
  }

  async listKeys(): Promise<ApiKey[]> {
    return keys.listKeys(this.#sql);
  }

  async budgets(): Promise<BudgetState[]> {
    this.#counting.all();
    return allStates(this.#sql, journal.ledgerNow(this.#sql));
  }

  async limits(): Promise<LimitState[]> {
    const { timeZone } = tenants.findTenant(this.#sql) ?? { timeZone: "UTC" };
    return limitStates(this.#sql, journal.ledgerNow(this.#sql), timeZone);
  }

  async credit(): Promise<Credit | null> {
    return findCredit(this.#sql);
  }

  async standing(): Promise<Standing> {
    this.#counting.all();
    return standing(this.#sql);
  }

  async authenticate(caller: Caller): Promise<Result<Authenticated, Refusal>> {
    const state = readState(this.#sql, this.#memory);
    const found = state && this.#memory.definitions.key(caller.keyHash);
    const refusal = refuseKey(found, caller, state?.now ?? 0);
    if (refusal || !state || !found) return err(refusal ?? NO_TENANT_HERE);
    keys.markUsed(this.#sql, found.key, state.now);
    const key = keys.findKey(this.#sql, found.key.id) ?? found.key; // With all its secrets.
    return ok({ key, tenant: state.tenant, secretExpiresAt: expiryOf(found) });
  }

  async price(job: Parameters<TenantLedgerApi["price"]>[0]): Promise<Priced | null> {
    const state = readState(this.#sql, this.#memory);
    const rate = state && pickVersion(state, job.model, job.rates);
    return rate && priceJob(job, rate, state.tenant.pricing);
  }

  async reserve(request: ReserveRequest): Promise<Admission> {
    const shard = this.#shards.pick(Date.now(), request.startMs);
    const admission = this.#decide(() => admit(this.#sql, this.#memory, request, shard));
    if (admission.ok && !admission.value.replayed) {
      this.#shards.opened(shard, Date.now());
      this.#afterEntry();
    }
    return admission;
  }

  async settle(input: Settlement): Promise<"settled" | "not_open"> {
    return (await this.settleAll([input]))[0] ?? "not_open";
  }

  async settleAll(inputs: Settlement[]): Promise<("settled" | "not_open")[]> {
    const ended = this.#decide(() => inputs.map((input) => settle(this.#sql, this.#memory, input)));
    for (const hold of ended) {
      if (hold === "not_open") continue;
      this.#shards.closed(hold.shard);
      this.#unsure.ended(hold.job.jobId);
    }
    if (ended.some((hold) => hold !== "not_open")) this.#afterEntry();
    return ended.map((hold) => (hold === "not_open" ? hold : "settled"));
  }

  async recordLoss(loss: Loss): Promise<"recorded" | "known" | "held"> {
    const answer = this.#decide(() => recordLoss(this.#sql, this.#memory, loss));
    if (answer === "recorded") this.#afterEntry();
    return answer;
  }

  async lossOf(jobId: string): Promise<BookedLoss | null> {
    return lossOf(this.#sql, jobId);
  }

  async note(input: Parameters<TenantLedgerApi["note"]>[0]): Promise<void> {
    if (this.#decide(() => note(this.#sql, this.#memory, input))) this.#afterEntry();
  }

  async entries(afterSeq: number, limit: number): ReturnType<TenantLedgerApi["entries"]> {
    return await this.#upkeep.entries(afterSeq, Math.min(Math.max(limit, 1), journal.ENTRIES_MAX));
  }

  async auditStep(run: string | null): Promise<AuditStep> {
    this.#outbox.noteReported();
    return this.#upkeep.auditStep(tenants.tenantId(this.#sql) ?? "", run);
  }

  async beginAudit({ full }: { full: boolean }): Promise<AuditJob> {
    this.#outbox.noteReported();
    const audit = this.#upkeep.beginAudit(full);
    this.#clock.arm(Date.now() + this.#config.upkeepMs);
    return audit;
  }

  async auditJob(id: string): Promise<AuditJob | null> {
    return this.#upkeep.auditJob(id);
  }

  async cancelQueued(keyId: string, afterShard: number): Promise<CancelSlice> {
    const tenant = tenants.tenantId(this.#sql);
    const open = holds.openOfKey(this.#sql, keyId, afterShard);
    return tenant === null ? { asked: 0, failed: 0, nextShard: null } : cancelQueued(this.env, tenant, open, this);
  }

  async wakeTrackers(): Promise<void> {
    this.#clock.wake();
    const tenant = tenants.findTenant(this.#sql);
    if (tenant) await wakeObjects(this.env, tenant, holds.openByShard(this.#sql).keys());
  }

  /** Asks about holds whose jobs may never have arrived, sends again what D1 has not, and does a step of upkeep. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#clock.rang(info?.scheduledTime);
    const tenant = tenants.findTenant(this.#sql);
    if (!tenant) return;
    const looks = Date.now() >= this.#lookAt;
    if (looks) await this.#look(tenant);
    await this.#upkeep.step(tenant.tenant, Date.now());
    const upkeep = this.#upkeep.nextDue(Date.now());
    const look = looks || upkeep === null ? this.#lookDue() : this.#lookAt;
    // Steps of upkeep come fast, and looks keep their own pace. Nothing new wants one before HOLD_ACK_MS.
    if (upkeep === null) this.#lookAt = 0;
    else if (looks) this.#lookAt = look ?? Date.now() + this.#config.holdAckMs;
    this.#clock.arm(earliest(upkeep, look));
  }

  /** A handler that throws is given up by the platform after six tries, so nothing may escape. */
  async #look(tenant: TenantInfo): Promise<void> {
    try {
      // By the clock that stamped them, which may be ahead of this machine's.
      const now = journal.ledgerNow(this.#sql);
      const due = this.#unsure.due(now - this.#config.holdAckMs, RECOVER_MAX);
      await recoverHolds(this.env, tenant.tenant, due, this, (jobIds) => this.#unsure.know(jobIds));
      sweepIdempotent(this.#sql, Date.now(), SWEPT_MAX);
      sweepOnce(this.#sql, Date.now(), SWEPT_MAX);
      if (this.#outbox.hasUnreported) await this.#outbox.sendMissing(tenant.tenant);
      this.#outbox.keepReported();
    } catch (error) {
      log.error("ledger alarm failed", { tenant: tenant.tenant, error });
    }
  }

  /** When a hold that is not known to have a job, or an unreported entry, wants a look; or null. */
  #lookDue(): number | null {
    const unreported = this.#outbox.hasUnreported ? Date.now() + this.#config.holdAckMs : null;
    return earliest(lookDue(this.#sql, this.#unsure, this.#config.holdAckMs), unreported);
  }

  /** Where an instance finds no alarm: either the last one left nothing to do, or it was lost. D1 can tell, without a row. */
  #dueAtStart(): number | null {
    const tenant = tenants.tenantId(this.#sql);
    if (tenant !== null && this.#outbox.hasUnreported) this.ctx.waitUntil(this.#armIfBehind(tenant));
    return earliest(lookDue(this.#sql, this.#unsure, this.#config.holdAckMs), this.#upkeep.nextDue(Date.now()));
  }

  async #armIfBehind(tenant: string): Promise<void> {
    if (await this.#outbox.isBehind(tenant).catch(() => true)) this.#clock.arm(Date.now() + this.#config.holdAckMs);
  }

  #afterEntry(): void {
    this.#counting.many();
    this.#clock.arm(Date.now() + this.#config.holdAckMs);
    this.#flush();
  }

  #flush(): void {
    if (this.#outbox.isFlushing) return;
    const tenant = tenants.tenantId(this.#sql);
    if (tenant === null) return;
    const waits = (error: unknown): void => log.warn("usage entries wait for the alarm", { tenant, error });
    this.ctx.waitUntil(this.#outbox.flush(tenant).catch(waits));
  }

  #decide<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work);
    } catch (error) {
      this.#memory.counters.rolledBack();
      throw error;
    }
  }
}

const SYSTEM: ChangeMeta = { actor: "system" };
const NO_TENANT_HERE: Refusal = { code: "not_found", message: "this tenant does not exist" };
