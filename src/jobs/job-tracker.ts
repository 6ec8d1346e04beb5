import { DurableObject } from "cloudflare:workers";
import { parseConfig, type Env } from "../config.ts";
import { log } from "../observability/log.ts";
import { failPoint } from "../observability/fail-point.ts";
import type { Permit, PermitUse } from "../accounts/types.ts";
import { AlarmClock, earliest } from "../storage/alarm-clock.ts";
import { isMigrated, migrate } from "../storage/migrate.ts";
import { ENDED, type Job } from "./job.ts";
import { JobRunner } from "./job-runner.ts";
import { isGivenUp, isUnclear } from "./machine.ts";
import { JobBook } from "./job-book.ts";
import { Notifier } from "./notifier.ts";
import { dueJobs, findShown, nextChore, nextDue } from "./job-store.ts";
import { paceOf } from "./pace.ts";
import { RETURN_MS } from "./permit-book.ts";
import { TRACKER_STEPS } from "./schema.ts";
import { keptInputs } from "./payload-store.ts";
import { timelineOf } from "./timeline.ts";
import type { Decision, JobInput, JobTimeline, JobTrackerApi, JobView, StartRequest, VerifiedHook } from "./types.ts";
import { viewOf } from "./view-of.ts";

/** Jobs that one alarm works on: with two reads at a time, 10 s each at most, it ends before long. */
const DUE_MAX = 24;

/** At least this long between two alarms, so that no row can spin the object. */
const ALARM_GAP_MS = 100;

/** Follows a share of one tenant's jobs: sends each once, watches it, and settles its hold. */
export class JobTracker extends DurableObject<Env> implements JobTrackerApi {
  readonly #book: JobBook;
  readonly #runner: JobRunner;
  readonly #notifier: Notifier;
  /** A made-up job id names a tracker that never was: reading it must not make one. */
  #exists: boolean;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const config = parseConfig(env);
    this.#exists = isMigrated(state.storage);
    if (this.#exists) migrate(state.storage, TRACKER_STEPS);
    this.#book = new JobBook(state.storage, new AlarmClock(state, () => this.#nextDue()), paceOf(config));
    this.#runner = new JobRunner(this.#book, env);
    this.#notifier = new Notifier(state.storage, this.#book.clock, env);
    // A POST that an earlier instance began is in nobody's hands any more: never sent again.
    if (this.#exists) this.#book.loseInFlight();
  }

  async start(request: StartRequest): Promise<JobView | "deleted" | null> {
    this.#create();
    const stored = this.#book.store(request);
    if (stored.job.state === "void") return null;
    if (stored.job.deletedAt !== null) return "deleted";
    failPoint("after_start_stored", stored.job.id);
    if (stored.isNew) {
      const sent = this.#runner.submit(stored.job.id);
      this.ctx.waitUntil(sent);
      await Promise.race([sent, scheduler.wait(request.waitMs)]);
    }
    return this.view(request.job.jobId);
  }

  async voidUnstarted(jobIds: string[]): Promise<{ known: string[]; voided: string[] }> {
    // Woken for no job in particular: its constructor has armed what was due.
    if (jobIds.length === 0) return { known: [], voided: [] };
    this.#create();
    return this.#book.voidUnstarted(jobIds);
  }

  async cancelQueued(jobIds: string[]): Promise<{ cancelled: string[]; voided: string[] }> {
    this.#create();
    const { known, voided } = this.#book.voidUnstarted(jobIds);
    return { cancelled: known.filter((id) => this.#askCancel(id)?.state === "cancelled"), voided };
  }

  async cancel(jobId: string): Promise<"cancelled" | "asked" | "too_late" | "ended" | "no_job"> {
    const job = this.#visible(jobId);
    if (!job) return "no_job";
    if (ENDED.has(job.state)) return "ended";
    const after = this.#askCancel(jobId);
    if (!after) return "too_late";
    return after.state === "cancelled" ? "cancelled" : "asked";
  }

  async remove(jobIds: string[]): Promise<number> {
    const removed = jobIds.filter((id) => this.#exists && this.#book.remove(id));
    for (const id of removed) this.#askCancel(id);
    return removed.length;
  }

  async view(jobId: string): Promise<JobView | null> {
    return this.#view(jobId);
  }

  async views(jobIds: string[]): Promise<JobView[]> {
    return jobIds.map((id) => this.#view(id)).filter((view) => view !== null);
  }

  async inputs(jobIds: string[], bytesMax: number): Promise<Record<string, string>> {
    const shown = jobIds.filter((id) => this.#visible(id));
    return this.#exists ? keptInputs(this.ctx.storage.sql, shown, bytesMax, Date.now()) : {};
  }

  async input(jobId: string): Promise<JobInput | null> {
    const job = this.#visible(jobId);
    if (!job) return null;
    const kept = job.inputUntil !== null && job.inputUntil > Date.now();
    return {
      hash: job.inputHash,
      keptUntil: kept ? job.inputUntil : null,
      bytes: kept ? this.#book.payload(jobId) : null,
    };
  }

  async timeline(jobId: string): Promise<JobTimeline | null> {
    const job = this.#visible(jobId);
    if (!job) return null;
    return { terms: job.terms, upstreamId: job.upstreamId, events: timelineOf(job) };
  }

  async resolve(jobId: string, decision: Decision): Promise<"resolved" | "no_job" | "not_unclear" | "found"> {
    const job = this.#find(jobId);
    if (!job || job.state === "void") return "no_job";
    if (!isUnclear(job)) return "not_unclear";
    return (await this.#runner.resolve(job, decision)) ? "resolved" : "found";
  }

  async hint(jobId: string, verified: VerifiedHook | null): Promise<void> {
    const job = this.#find(jobId);
    if (job && verified && !this.#book.isNewHook(job, verified.signature)) return;
    const upstreamId = verified?.upstreamId ?? null;
    if (job?.state === "unknown" && upstreamId !== null) await this.#runner.adoptHinted(job, upstreamId);
    else if (job && upstreamId !== null && isGivenUp(job)) await this.#runner.adoptLate(job, upstreamId);
    else if (job) this.#book.lookSoon(jobId);
  }

  async permitsGranted(account: string, permits: Permit[]): Promise<void> {
    this.#create();
    this.#book.permits.keep(account, permits, Date.now());
    for (const { jobId } of permits) if (jobId !== null) this.#send(jobId);
    this.#armForReturns();
  }

  async permitUses(account: string, ids: number[]): Promise<PermitUse[]> {
    this.#create();
    return this.#book.permits.uses(account, ids);
  }

  /** Does what is due. Nothing may escape: the platform gives an alarm up after six throws. */
  override async alarm(): Promise<void> {
    this.#book.clock.rang();
    try {
      this.#book.dropInputs();
      this.#book.countFollowed();
      await this.#acknowledge();
      // Others wait for these, and what is done below may take a while.
      await this.#runner.gate.giveBack();
      const due = dueJobs(this.ctx.storage.sql, Date.now(), DUE_MAX);
      await this.#askPermits(due.filter((job) => this.#wantsPermit(job)));
      await Promise.all(due.map((job) => this.#advance(job.id)));
      this.#book.writeLooks();
      await this.#runner.gate.giveBack();
      await this.#notifier.work();
      await this.#runner.reconciler.work();
    } catch (error) {
      log.error("tracker alarm failed", { error });
    }
    const next = this.#nextDue();
    if (next !== null) this.#book.clock.arm(Math.max(next, Date.now() + ALARM_GAP_MS));
  }

  /** A job that cannot be looked at, say of an account that is not configured any more, must not keep the others. */
  #wantsPermit(job: Job): boolean {
    try {
      return job.state === "queued" && !this.#runner.gate.isOpen(job);
    } catch (error) {
      log.error("job step failed", { jobId: job.id, error });
      this.#book.postpone(job.id);
      return false;
    }
  }

  /** One call for all that wait; those that go on waiting are put off by it. */
  async #askPermits(jobs: Job[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.#runner.gate.ask(jobs);
    } catch (error) {
      log.warn("an account was not asked for permits", { error });
      for (const job of jobs) this.#book.postpone(job.id);
    }
  }

  #nextDue(): number | null {
    if (!this.#exists) return null;
    const returns = this.#book.permits.hasReturns() ? Date.now() + this.#runner.gate.returnMs : null;
    const { sql } = this.ctx.storage;
    return earliest(earliest(nextDue(sql), nextChore(sql)), returns);
  }

  /** What is to be returned is returned by the alarm, many at once. */
  #armForReturns(): void {
    if (this.#book.permits.hasReturns()) this.#book.clock.arm(Date.now() + RETURN_MS);
  }

  #create(): void {
    if (this.#exists) return;
    migrate(this.ctx.storage, TRACKER_STEPS);
    this.#exists = true;
  }

  /** Null: it is not to be stopped any more. */
  #askCancel(jobId: string): Job | null {
    const after = this.#book.apply(jobId, { kind: "cancel_asked" });
    // The settlement is in the row: if the ledger does not answer now, the alarm tells it.
    if (after?.state === "cancelled") {
      this.ctx.waitUntil(this.#advance(jobId));
      this.ctx.waitUntil(this.#runner.gate.withdraw(after));
    }
    return after;
  }

  #view(jobId: string): JobView | null {
    const job = this.#exists ? findShown(this.ctx.storage.sql, jobId) : null;
    if (!job || job.state === "void" || job.deletedAt !== null) return null;
    const usualMs = job.state === "running" ? this.#book.usualMs(job.model) : null;
    return viewOf(job, { queue: this.#runner.gate.placeOf(jobId), usualMs, now: Date.now() });
  }

  /** A job that its tenant may see. */
  #visible(jobId: string): Job | null {
    const job = this.#find(jobId);
    return job && job.state !== "void" && job.deletedAt === null ? job : null;
  }

  #find(jobId: string): Job | null {
    return this.#exists ? this.#book.find(jobId) : null;
  }

  /** The ledger would ask by itself later, so its trouble must not stop the jobs. */
  async #acknowledge(): Promise<void> {
    try {
      await this.#runner.acknowledge();
    } catch (error) {
      log.warn("holds were not acknowledged", { error });
    }
  }

  #send(jobId: string): void {
    this.ctx.waitUntil(this.#runner.submit(jobId));
    // Still queued: it waits for a slot, and is looked at again when one must have come free.
    if (this.#book.find(jobId)?.state === "queued") this.#book.putOff(jobId, this.#book.pace.submitMsMax);
  }

  async #advance(jobId: string): Promise<void> {
    try {
      const job = this.#book.find(jobId);
      // It may have been put off since it was due.
      if (!job || (job.nextAt !== null && job.nextAt > Date.now())) return;
      // A POST may take a minute, and polls must not wait for it.
      if (job.state === "queued") this.#send(jobId);
      else await this.#runner.advance(job);
      // The slot of a task that has ended is another's: it does not wait for the rest of this alarm.
      if (this.#book.permits.hasReturns()) this.ctx.waitUntil(this.#runner.gate.giveBack());
    } catch (error) {
      log.error("job step failed", { jobId, error });
      this.#book.postpone(jobId);
    }
  }
}
