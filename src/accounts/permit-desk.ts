import type { JobAddress } from "../keys/job-id.ts";
import { hasPlenty, nextRoomAt, roomFor, type Limits } from "./allowance.ts";
import { countPost, makeDesk, readDesk, writeDesk, type Desk } from "./desk-store.ts";
import { enterLine, leaveLine, readTurns, takeNext } from "./line-store.ts";
import {
  deletePermit,
  findPermit,
  insertPermit,
  nextLeaseEnd,
  overdueLeases,
  permitOf,
  updatePermit,
  type PermitRow,
} from "./permit-store.ts";
import { placesOf } from "./queue-places.ts";
import {
  LEASE_SLACK_MS,
  type Permit,
  type PermitCall,
  type PermitReply,
  type PermitRequest,
  type PermitUse,
  type ReturnedPermit,
} from "./types.ts";

/** A tracker uses a permit at once, or asks anew. */
export const LEASE_MS = 30_000;

/** A permit that was used is asked about this often, should its return be lost. */
const SENT_LEASE_MS = 600_000;
const UNKNOWN_MS_MAX = 600_000;
const ASK_AGAIN_MS = 30_000;

/** Of the smaller limit, what may lie with one tracker without a job. */
const SPARES_SHARE = 1 / 16;
const ASKED_MAX = 200;
const PUSHBACK_MS_MIN = 1_000;
const PUSHBACK_MS_MAX = 60_000;

/** How much of the newest time between two grants goes into the smoothed one. */
const GAP_SHARE = 0.2;

/** Permits granted to trackers that did not ask just now. */
export interface Grant {
  tracker: JobAddress;
  permit: Permit;
}

/** Hands out an account's permits; each method is one transaction. The table is in this folder's README. */
export class PermitDesk {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  /** Also grants to others whose turn it was: `grants`, which their trackers must be told of. */
  request(call: PermitCall, limits: Limits, now: number): { reply: PermitReply; grants: Grant[] } {
    return this.#storage.transactionSync(() => {
      const desk = this.#open(call.account, now);
      const closed = desk.circuit.state === "open";
      const held = call.jobs.flatMap((job) => this.#held(job, now));
      const asking = call.jobs.filter(({ jobId }) => held.every((permit) => permit.jobId !== jobId));
      const waited = readTurns(this.#sql, 1).length > 0;
      if (call.queue) {
        for (const job of asking) enterLine(this.#sql, { ...job, tracker: call.tracker }, call.weight, desk.turn);
      }
      const granted = this.#grantWaiting(desk, limits, now, waited);
      if (!call.queue && readTurns(this.#sql, 1).length === 0) {
        const left = asking.filter(({ jobId }) => granted.every(({ permit }) => permit.jobId !== jobId));
        for (const job of left) granted.push(...this.#grantFree(desk, limits, call.tracker, job.jobId, now));
      }
      const spares = granted.length > 0 && !closed ? Math.min(call.spares, sparesIn(limits)) : 0;
      for (let spare = 0; spare < spares && hasPlenty(desk, limits, now); spare++) {
        granted.push(...this.#grantFree(desk, limits, call.tracker, null, now));
      }
      if (granted.length > 0) writeDesk(this.#sql, desk);
      const asked = new Set(call.jobs.map(({ jobId }) => jobId));
      const isOwn = ({ permit }: Grant): boolean => permit.jobId === null || asked.has(permit.jobId);
      const own = [...held.flatMap(({ offer }) => offer ?? []), ...granted.filter(isOwn).map(({ permit }) => permit)];
      const places = call.queue ? placesOf(this.#sql, desk.gapMs, call, now) : {};
      return { reply: { granted: own, places, closed }, grants: granted.filter((grant) => !isOwn(grant)) };
    });
  }

  /** Grants what there is room for: after time has passed, or a circuit was closed. */
  grantNow(account: string, limits: Limits, now: number): Grant[] {
    return this.#changed(account, limits, now, () => {});
  }

  giveBack(account: string, permits: readonly ReturnedPermit[], limits: Limits, now: number): Grant[] {
    return this.#changed(account, limits, now, (desk) => {
      for (const { id, used } of permits) this.#free(desk, id, used, now);
    });
  }

  leave(account: string, jobIds: readonly string[], limits: Limits, now: number): Grant[] {
    return this.#changed(account, limits, now, () => {
      for (const jobId of jobIds) leaveLine(this.#sql, jobId);
    });
  }

  /** The job's task was created: its permit is used, and WaveSpeed takes jobs again. */
  sent(account: string, id: number, now: number): void {
    this.#storage.transactionSync(() => {
      const desk = this.#open(account, now);
      const permit = findPermit(this.#sql, id);
      if (permit) this.#markSent(desk, permit, null, now);
      writeDesk(this.#sql, { ...desk, pushbacks: 0 });
    });
  }

  /**
   * A lost job turned out to have a task: that stands for one, also above the limit where its permit was freed
   * meanwhile. Should the task have ended since, its tracker says so when it is asked.
   */
  found(account: string, { id, jobId, tracker }: Pick<PermitRow, "id" | "jobId" | "tracker">, now: number): void {
    this.#storage.transactionSync(() => {
      const desk = this.#open(account, now);
      const permit = findPermit(this.#sql, id);
      if (permit) this.#markSent(desk, permit, null, now);
      else {
        const other = jobId === null ? null : permitOf(this.#sql, jobId);
        insertPermit(this.#sql, { id, tracker, jobId: other ? null : jobId, leaseUntil: now + LEASE_MS }, true);
        desk.inUse += 1;
      }
      writeDesk(this.#sql, desk);
    });
  }

  pushedBack(account: string, id: number | null, retryAfterMs: number | null, now: number): void {
    this.#storage.transactionSync(() => {
      const desk = this.#open(account, now);
      if (id !== null) this.#free(desk, id, true, now);
      // POSTs that were on their way together are refused together: that is one time.
      const pushbacks = now < desk.blockedUntil ? Math.max(1, desk.pushbacks) : desk.pushbacks + 1;
      const backOff = Math.min(PUSHBACK_MS_MIN * 2 ** (pushbacks - 1), PUSHBACK_MS_MAX);
      const blockedUntil = Math.max(desk.blockedUntil, now + Math.max(retryAfterMs ?? 0, backOff));
      writeDesk(this.#sql, { ...desk, blockedUntil, pushbacks });
    });
  }

  /** Permits whose trackers must be asked; each is asked about again a little later. */
  overdue(account: string, now: number): PermitRow[] {
    return this.#storage.transactionSync(() => {
      this.#open(account, now);
      const rows = overdueLeases(this.#sql, now - LEASE_SLACK_MS, ASKED_MAX);
      const asked = rows.map((row) => ({ ...row, leaseUntil: now + ASK_AGAIN_MS }));
      for (const row of asked) updatePermit(this.#sql, row);
      return asked;
    });
  }

  /** `asked`: the permits as `overdue` answered them. */
  answered(
    account: string,
    asked: readonly PermitRow[],
    uses: readonly PermitUse[],
    limits: Limits,
    now: number,
  ): Grant[] {
    const leases = new Map(asked.map(({ id, leaseUntil }) => [id, leaseUntil]));
    return this.#changed(account, limits, now, (desk) => {
      for (const answer of uses) {
        const permit = findPermit(this.#sql, answer.id);
        if (!permit) continue;
        // Its task was found while the answer was under way.
        if (answer.use === "unknown" && permit.leaseUntil !== leases.get(answer.id)) continue;
        if (answer.use === "free") this.#free(desk, answer.id, answer.used, now);
        else if (answer.use === "sent") this.#markSent(desk, permit, null, now);
        else if (now - (permit.unknownSince ?? answer.since) >= UNKNOWN_MS_MAX) this.#free(desk, answer.id, true, now);
        else this.#markSent(desk, permit, permit.unknownSince ?? answer.since, now);
      }
    });
  }

  /** When something is due here; null: nothing. */
  nextAt(limits: Limits, now: number): number | null {
    const desk = readDesk(this.#sql, now);
    if (!desk) return null;
    const waits = desk.circuit.state === "closed" && readTurns(this.#sql, 1).length > 0;
    const room = waits ? nextRoomAt(desk, limits, now) : null;
    const lease = nextLeaseEnd(this.#sql);
    const times = [room, lease === null ? null : lease + LEASE_SLACK_MS].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  #changed(account: string, limits: Limits, now: number, change: (desk: Desk) => void): Grant[] {
    return this.#storage.transactionSync(() => {
      const desk = this.#open(account, now);
      change(desk);
      const grants = this.#grantWaiting(desk, limits, now, true);
      writeDesk(this.#sql, desk);
      return grants;
    });
  }

  #open(account: string, now: number): Desk {
    makeDesk(this.#sql, account);
    const desk = readDesk(this.#sql, now);
    if (!desk) throw new Error("the account has no desk");
    return desk;
  }

  /** `waited`: somebody waited before this call, so that the time between grants says something. */
  #grantWaiting(desk: Desk, limits: Limits, now: number, waited: boolean): Grant[] {
    const grants: Grant[] = [];
    while (desk.circuit.state === "closed" && roomFor(desk, limits, now) > 0) {
      const next = takeNext(this.#sql);
      if (!next) break;
      desk.turn = Math.max(desk.turn, next.turn);
      grants.push(...this.#grantFree(desk, limits, next.job.tracker, next.job.jobId, now));
      if (waited && desk.grantedAt !== null) smoothGap(desk, now - desk.grantedAt);
      desk.grantedAt = now;
    }
    return grants;
  }

  /**
   * A permit that the job has already. It is held for longer if its tracker says that it has it unused; else it is
   * offered as it was the first time, while that lease lasts: so long a tracker remembers what it gave up. Only its
   * tracker frees one that may be used: this call may be older than what the account heard since.
   */
  #held({ jobId, holds }: PermitRequest, now: number): { jobId: string; offer: Permit | null }[] {
    const permit = permitOf(this.#sql, jobId) ?? (holds === null ? null : findPermit(this.#sql, holds));
    if (!permit) return [];
    if (permit.sent) return [{ jobId, offer: null }];
    if (permit.id === holds) {
      const leaseUntil = now + LEASE_MS;
      updatePermit(this.#sql, { ...permit, jobId, leaseUntil });
      return [{ jobId, offer: { id: permit.id, jobId, leaseUntil, extends: true } }];
    }
    const { id, offeredUntil } = permit;
    return [{ jobId, offer: offeredUntil > now ? { id, jobId, leaseUntil: offeredUntil, extends: false } : null }];
  }

  #grantFree(desk: Desk, limits: Limits, tracker: JobAddress, jobId: string | null, now: number): Grant[] {
    if (desk.circuit.state === "open" || roomFor(desk, limits, now) < 1) return [];
    const permit = { id: desk.nextPermit, jobId, leaseUntil: now + LEASE_MS, extends: false };
    insertPermit(this.#sql, { ...permit, tracker });
    desk.nextPermit += 1;
    desk.inUse += 1;
    desk.unsent += 1;
    return [{ tracker, permit }];
  }

  #free(desk: Desk, id: number, used: boolean, now: number): void {
    const permit = findPermit(this.#sql, id);
    if (!permit) return;
    deletePermit(this.#sql, id);
    desk.inUse -= 1;
    if (!permit.sent) desk.unsent -= 1;
    if (!permit.sent && used) this.#count(desk, now);
  }

  #markSent(desk: Desk, permit: PermitRow, unknownSince: number | null, now: number): void {
    const untilKnown = unknownSince === null ? SENT_LEASE_MS : Math.max(0, unknownSince + UNKNOWN_MS_MAX - now);
    updatePermit(this.#sql, { ...permit, sent: true, leaseUntil: now + untilKnown, unknownSince });
    if (permit.sent) return;
    desk.unsent -= 1;
    this.#count(desk, now);
  }

  #count(desk: Desk, now: number): void {
    countPost(this.#sql, now);
    const fresh = readDesk(this.#sql, now);
    if (fresh) desk.sent = fresh.sent;
  }
}

/** 0 where the limits are small: every permit is wanted there. */
function sparesIn({ videosPerMinute, concurrentTasks }: Limits): number {
  const limit = Math.min(videosPerMinute ?? Infinity, concurrentTasks ?? Infinity);
  return Number.isFinite(limit) ? Math.floor(limit * SPARES_SHARE) : 0;
}

function smoothGap(desk: Desk, gap: number): void {
  desk.gapMs = desk.gapMs === null ? gap : desk.gapMs * (1 - GAP_SHARE) + gap * GAP_SHARE;
}
