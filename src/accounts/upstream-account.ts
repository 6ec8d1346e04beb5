import { DurableObject } from "cloudflare:workers";
import type { Env } from "../config.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { trackerName, type JobAddress } from "../keys/job-id.ts";
import { log } from "../observability/log.ts";
import { AlarmClock, earliest } from "../storage/alarm-clock.ts";
import { migrate } from "../storage/migrate.ts";
import { AccountHealth } from "./account-health.ts";
import { configuredAccount } from "./account-of.ts";
import type { Limits } from "./allowance.ts";
import { CircuitKeeper } from "./circuit-keeper.ts";
import type { CircuitEvent } from "./circuit.ts";
import { Claims } from "./claims.ts";
import { readDesk } from "./desk-store.ts";
import { countWaiting } from "./line-store.ts";
import { PermitDesk, type Grant } from "./permit-desk.ts";
import type { PermitRow } from "./permit-store.ts";
import { ACCOUNT_STEPS } from "./schema.ts";
import type {
  AccountStatus,
  Adoption,
  Claim,
  Failure,
  PermitCall,
  PermitReply,
  ReturnedPermit,
  SentWith,
  UpstreamAccountApi,
} from "./types.ts";

/** At least this long between two alarms, so that no row can spin the object. */
const ALARM_GAP_MS = 100;

const UNLIMITED: Limits = { videosPerMinute: null, concurrentTasks: null };

/**
 * One WaveSpeed key. All tenants share it, so this object alone says which task belongs to which job, who may
 * send next, and whether the key works.
 */
export class UpstreamAccount extends DurableObject<Env> implements UpstreamAccountApi {
  readonly #claims: Claims;
  readonly #desk: PermitDesk;
  readonly #circuit: CircuitKeeper;
  readonly #health: AccountHealth;
  readonly #clock: AlarmClock;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, ACCOUNT_STEPS);
    this.#claims = new Claims(state.storage);
    this.#desk = new PermitDesk(state.storage);
    this.#health = new AccountHealth(env);
    this.#circuit = new CircuitKeeper(state.storage, env, this.#health);
    this.#clock = new AlarmClock(state, () => this.#nextAt());
  }

  async claim(claims: Claim[]): Promise<boolean[]> {
    return claims.map(({ upstreamId, jobId, sentWith, isLost = false }) => {
      const { isOwn, isNews } = this.#claims.claim(upstreamId, jobId, isLost);
      // A tracker that forgot says it again: that tells nothing of how the account does now.
      if (!isNews) return isOwn;
      this.#health.count("created");
      if (sentWith?.permit != null) this.#desk.sent(sentWith.account, sentWith.permit, Date.now());
      if (sentWith) this.#circuit.succeeded();
      return isOwn;
    });
  }

  async enterUnknown(jobId: string, inputHash: string): Promise<string | null> {
    return this.#claims.enterUnknown(jobId, inputHash);
  }

  async leaveUnknown(jobId: string): Promise<void> {
    this.#claims.leaveUnknown(jobId);
  }

  async abandon(jobId: string, by: "proof" | "people"): Promise<string | null> {
    return this.#claims.abandon(jobId, by);
  }

  async claimLate(upstreamId: string, jobId: string): Promise<boolean> {
    return this.#claims.claimLate(upstreamId, jobId);
  }

  async unclaimed(jobId: string, candidates: string[]): Promise<string[]> {
    return this.#claims.unclaimed(jobId, candidates);
  }

  async ownerOf(upstreamId: string): Promise<string | null> {
    return this.#claims.ownerOf(upstreamId);
  }

  async adopt(jobId: string, inputHash: string, candidates: string[]): Promise<Adoption> {
    return this.#claims.adopt(jobId, inputHash, candidates);
  }

  async request(call: PermitCall): Promise<PermitReply> {
    const { reply, grants } = this.#desk.request(call, this.#limits(call.account), Date.now());
    this.#tell(grants);
    return reply;
  }

  async returnPermits(account: string, permits: ReturnedPermit[]): Promise<void> {
    this.#tell(this.#desk.giveBack(account, permits, this.#limits(account), Date.now()));
  }

  async leave(account: string, jobIds: string[]): Promise<void> {
    this.#tell(this.#desk.leave(account, jobIds, this.#limits(account), Date.now()));
  }

  async found({ account, permit: id }: SentWith, jobId: string, tracker: JobAddress): Promise<void> {
    if (id === null) return;
    this.#desk.found(account, { id, jobId, tracker }, Date.now());
    this.#arm();
  }

  async pushedBack(sentWith: SentWith, retryAfterMs: number | null): Promise<void> {
    this.#desk.pushedBack(sentWith.account, sentWith.permit, retryAfterMs, Date.now());
    this.#arm();
  }

  async failed(account: string, how: Failure): Promise<void> {
    this.#health.count("failed");
    this.#note(account, how);
  }

  async status(account: string): Promise<AccountStatus> {
    const desk = readDesk(this.ctx.storage.sql, Date.now());
    const waiting = countWaiting(this.ctx.storage.sql);
    const { blockedUntil = 0, circuit } = desk ?? {};
    const { health, reading } = this.#health.look(account);
    if (reading) this.ctx.waitUntil(reading);
    return {
      account,
      inUse: desk?.inUse ?? 0,
      sentLastMinute: desk?.sent.reduce((sum, { posts }) => sum + posts, 0) ?? 0,
      waiting: waiting.jobs,
      waitingTenants: waiting.tenants,
      blockedUntil: blockedUntil > Date.now() ? blockedUntil : null,
      circuit: { state: circuit?.state ?? "closed", reason: circuit?.reason ?? "", since: circuit?.since || null },
      health,
    };
  }

  async check(account: string): Promise<AccountStatus> {
    await this.#circuit.probe(account);
    this.#grantDue(account);
    return this.status(account);
  }

  /** Does what is due. Nothing may escape: the platform gives an alarm up after six throws. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#clock.rang(info?.scheduledTime);
    const account = readDesk(this.ctx.storage.sql, Date.now())?.account;
    try {
      if (account !== undefined) {
        await this.#circuit.work(account);
        await this.#askTrackers(account);
        this.#grantDue(account);
      }
    } catch (error) {
      log.error("account alarm failed", { account, error });
    }
    this.#arm();
  }

  #note(account: string, event: CircuitEvent): void {
    const { circuit, turned } = this.#circuit.note(account, event);
    if (turned) this.ctx.waitUntil(this.#circuit.tell(account));
    const due = circuit.probeAt !== null && circuit.probeAt <= Date.now();
    if (due) this.ctx.waitUntil(this.#circuit.probe(account).then(() => this.#grantDue(account)));
    this.#arm();
  }

  /** Only the trackers know whether a permit whose lease ended is used. */
  async #askTrackers(account: string): Promise<void> {
    const overdue = this.#desk.overdue(account, Date.now());
    const groups = Map.groupBy(overdue, ({ tracker }) => trackerName(tracker));
    await Promise.all([...groups.values()].map((permits) => this.#askTracker(account, permits)));
  }

  async #askTracker(account: string, permits: PermitRow[]): Promise<void> {
    const [first] = permits;
    if (!first) return;
    try {
      const tracker = trackerOf(this.env, first.tracker);
      const uses = await tracker.permitUses(
        account,
        permits.map(({ id }) => id),
      );
      this.#tell(this.#desk.answered(account, permits, uses, this.#limits(account), Date.now()));
    } catch (error) {
      log.warn("a tracker did not answer for its permits", { ...first.tracker, error });
    }
  }

  #grantDue(account: string): void {
    this.#tell(this.#desk.grantNow(account, this.#limits(account), Date.now()));
  }

  /** A tracker that cannot be told asks again by itself within seconds. */
  #tell(grants: Grant[]): void {
    const account = readDesk(this.ctx.storage.sql, Date.now())?.account ?? "";
    for (const group of Map.groupBy(grants, ({ tracker }) => trackerName(tracker)).values()) {
      const [first] = group;
      if (!first) continue;
      const told = trackerOf(this.env, first.tracker).permitsGranted(
        account,
        group.map(({ permit }) => permit),
      );
      this.ctx.waitUntil(told.catch((error: unknown) => log.warn("a grant was not heard", { account, error })));
    }
    this.#arm();
  }

  #limits(account: string): Limits {
    return configuredAccount(this.env, account) ?? UNLIMITED;
  }

  #nextAt(): number | null {
    const now = Date.now();
    const account = readDesk(this.ctx.storage.sql, now)?.account;
    if (account === undefined) return null;
    return earliest(this.#desk.nextAt(this.#limits(account), now), this.#circuit.nextAt(now));
  }

  #arm(): void {
    const next = this.#nextAt();
    if (next !== null) this.#clock.arm(Math.max(next, Date.now() + ALARM_GAP_MS));
  }
}
