import { DurableObject } from "cloudflare:workers";
import { parseConfig, type Env } from "../config.ts";
import { failPoint } from "../observability/fail-point.ts";
import type { Permit, PermitUse } from "../accounts/types.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { AlarmClock } from "../storage/alarm-clock.ts";
import { isMigrated, migrate } from "../storage/migrate.ts";
import { ENDED, type Job } from "./job.ts";
import { JobRunner } from "./job-runner.ts";
import { isBeingGivenUp, isUnclear } from "./machine.ts";
import { JobBook } from "./job-book.ts";
import type { JobRows } from "./job-rows.ts";
import { Notifier } from "./notifier.ts";
import { paceOf } from "./pace.ts";
import { RETURN_MS } from "./permit-book.ts";
import { Rounds } from "./rounds.ts";
import { TRACKER_SCHEMA, TRACKER_STEPS } from "./schema.ts";
import { keptInputs } from "./payload-store.ts";
import { timelineOf } from "./timeline.ts";
import type { Decision, JobInput, JobTimeline, JobTrackerApi, JobView, StartRequest, VerifiedHook } from "./types.ts";
import { viewOf } from "./view-of.ts";

/** Follows a share of one tenant's jobs: sends each once, watches it, and settles its hold. */
export class JobTracker extends DurableObject<Env> implements JobTrackerApi {
  /** Tests compare them with the table, and have them read anew when they change that beside it. No caller sees this. */
  readonly rows: JobRows;
  readonly #book: JobBook;
  readonly #runner: JobRunner;
  readonly #rounds: Rounds;
  /** A made-up job id names a tracker that never was: reading it must not make one. */
  #exists: boolean;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const config = parseConfig(env);
    this.#exists = isMigrated(state.storage);
    if (this.#exists) migrate(state.storage, TRACKER_STEPS);
    this.#book = new JobBook(
      state.storage,
      new AlarmClock(state, () => (this.#exists ? this.#rounds.nextAt() : null)),
      paceOf(config),
    );
    this.rows = this.#book.rows;
    const waitUntil = (work: Promise<unknown>): void => state.waitUntil(work);
    this.#runner = new JobRunner(this.#book, env, waitUntil);
    const notifier = new Notifier(state.storage.sql, this.rows, this.#book.clock, env);
    const { sql } = state.storage;
    this.#rounds = new Rounds(this.#book, this.#runner, notifier, sql, waitUntil);
    if (this.#exists) this.#runner.takeOver();
  }

  async start(request: StartRequest): Promise<JobView | "deleted" | "no_room" | null> {
    this.#create();
    const stored = this.#book.store(request, (job) => this.#runner.canSend(job));
    if (stored.job.state === "void") return stored.isNew ? "no_room" : null;
    if (stored.job.deletedAt !== null) return "deleted";
    failPoint("after_start_stored", stored.job.id);
    if (stored.isNew) {
      const begun = stored.job.state === "submitting" ? { job: stored.job, body: request.input } : null;
      const sent = this.#runner.submit(stored.job.id, begun);
      this.ctx.waitUntil(sent);
      await this.#runner.deadlines.atMost(sent, request.waitMs);
    }
    return this.view(request.job.jobId);
  }

  async voidUnstarted(jobIds: string[]): Promise<{ known: string[]; voided: string[] }> {
    if (jobIds.length === 0) {
      // Woken for no job in particular.
      this.#book.clock.wake();
      return { known: [], voided: [] };
    }
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

  async remove(jobIds: string[], mode: Mode): Promise<number> {
    const removed = jobIds.filter((id) => this.#find(id)?.mode === mode && this.#book.remove(id));
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
      dropped: job.inputDropped,
      bytes: kept ? this.#book.payload(jobId) : null,
    };
  }

  async timeline(jobId: string): Promise<JobTimeline | null> {
    const job = this.#visible(jobId);
    if (!job) return null;
    return { terms: job.terms, upstreamId: job.upstreamId, events: timelineOf(job, this.#book.bills.mark()) };
  }

  async resolve(jobId: string, decision: Decision): Promise<"resolved" | "no_job" | "not_unclear" | "found"> {
    const job = this.#find(jobId);
    if (!job || job.state === "void") return "no_job";
    if (!isUnclear(job)) return "not_unclear";
    return (await this.#runner.lost.resolve(job, decision)) ? "resolved" : "found";
  }

  async hint(jobId: string, verified: VerifiedHook | null): Promise<void> {
    const found = this.#find(jobId);
    if (!found) return;
    // One that names no task says no more than one that nobody signed.
    if (!verified?.upstreamId) return this.#rounds.lookSoon(jobId);
    const job = found.state === "submitting" ? await this.#afterPost(found) : found;
    this.#book.paces.heard();
    if (job.hookSeen === verified.signature) return;
    const isLost = job.state === "unknown" || isBeingGivenUp(job);
    if (isLost) await this.#runner.lost.named(jobId, verified.upstreamId);
    else this.#rounds.hurry(jobId);
    // Only now: if that broke, WaveSpeed sends it again, and it is news then.
    this.#book.heard(jobId, verified.signature);
  }

  /** The answer to its POST may get lost yet, and then the task that a webhook names is the one that is looked for. */
  async #afterPost(job: Job): Promise<Job> {
    await this.#runner.posted(job.id);
    return this.#find(job.id) ?? job;
  }

  async permitsGranted(account: string, permits: Permit[]): Promise<void> {
    this.#create();
    this.#book.permits.keep(account, permits, Date.now());
    for (const { jobId } of permits) if (jobId !== null) this.#rounds.send(jobId);
    this.#armForReturns();
  }

  async permitUses(account: string, ids: number[]): Promise<PermitUse[]> {
    this.#create();
    return this.#book.permits.uses(account, ids, Date.now());
  }

  /** Does what is due. Nothing may escape: the platform gives an alarm up after six throws. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#book.clock.rang(info?.scheduledTime);
    await this.#rounds.ring();
  }

  /** What is to be returned is returned by the alarm, many at once. */
  #armForReturns(): void {
    if (this.#book.permits.hasReturns()) this.#book.clock.arm(Date.now() + RETURN_MS);
  }

  #create(): void {
    if (this.#exists) return;
    migrate(this.ctx.storage, TRACKER_STEPS, TRACKER_SCHEMA);
    this.#exists = true;
  }

  /** Null: it is not to be stopped any more. */
  #askCancel(jobId: string): Job | null {
    const after = this.#book.apply(jobId, { kind: "cancel_asked" });
    // The settlement is in the row: if the ledger does not answer now, the alarm tells it.
    if (after?.state === "cancelled") {
      this.ctx.waitUntil(this.#rounds.advance(jobId));
      this.ctx.waitUntil(this.#runner.gate.withdraw(after));
    }
    return after;
  }

  #view(jobId: string): JobView | null {
    const job = this.#exists ? this.rows.shown(jobId) : null;
    if (!job || job.state === "void" || job.deletedAt !== null) return null;
    const usualMs = job.state === "running" ? this.#book.paces.usualMs(job.model) : null;
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
}
