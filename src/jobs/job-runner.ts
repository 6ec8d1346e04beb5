import { accountObjectOf, waveSpeedOf } from "../accounts/account-of.ts";
import type { SentWith, UpstreamAccountApi } from "../accounts/types.ts";
import type { Env } from "../config.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { failPoint } from "../observability/fail-point.ts";
import { log } from "../observability/log.ts";
import { Deadlines } from "../timing/deadlines.ts";
import type { PostAnswer } from "../upstream/answers.ts";
import type { WaveSpeed } from "../upstream/wavespeed.ts";
import type { JobBook } from "./job-book.ts";
import type { Job } from "./job.ts";
import { hookAddress } from "./hook-address.ts";
import { JobsTogether } from "./jobs-together.ts";
import { LateTasks } from "./late-tasks.ts";
import { LostJobs } from "./lost-jobs.ts";
import { noteJob } from "./note-job.ts";
import { ownerOf, PermitGate } from "./permit-gate.ts";
import { Reconciler } from "./reconciler.ts";
import { Slots } from "./slots.ts";

/** Of an object's six outgoing connections: four for POSTs, two for reads. */
export const POST_SLOTS = 4;
export const READ_SLOTS = 2;

/** An aborted POST gets this long to say so. */
const ABORT_SLACK_MS = 2_000;

/** Carries each job one step on: sends, polls, resolves, settles. Decisions are the machine's. */
export class JobRunner {
  readonly deadlines = new Deadlines();
  readonly posts = new Slots(POST_SLOTS);
  readonly reads = new Slots(READ_SLOTS);
  readonly gate: PermitGate;
  readonly reconciler: Reconciler;
  readonly late: LateTasks;
  readonly lost: LostJobs;
  readonly #book: JobBook;
  readonly #env: Env;
  readonly #waitUntil: (work: Promise<unknown>) => void;
  readonly #together: JobsTogether;
  /** POSTs in this instance's hands, waiting for a slot or on their way. */
  readonly #inFlight = new Map<string, Promise<void>>();

  constructor(book: JobBook, env: Env, waitUntil: (work: Promise<unknown>) => void) {
    this.#book = book;
    this.#env = env;
    this.#waitUntil = waitUntil;
    this.gate = new PermitGate(book, env);
    this.#together = new JobsTogether(env, this.gate);
    this.reconciler = new Reconciler(book, env, this.reads);
    this.late = new LateTasks(book, env, this.reads);
    const { gate, reads, late } = this;
    const settle = (job: Job): Promise<void> => this.#settle(job);
    this.lost = new LostJobs({ book, env, gate, reads, late, claim: (job) => this.#together.claim(job), settle });
  }

  /** Whether nothing stands between a new job and its POST. */
  canSend(job: Job): boolean {
    return this.posts.isFree && !this.gate.needsPermit(job);
  }

  /** Sends a queued job that is not on its way, or one whose row permitted its POST already (`begun`). Does not throw. */
  async submit(jobId: string, begun: { job: Job; body: Uint8Array } | null = null): Promise<void> {
    if (this.#inFlight.has(jobId)) return;
    const sent = this.#send(jobId, begun).finally(() => this.#inFlight.delete(jobId));
    this.#inFlight.set(jobId, sent);
    await sent;
  }

  /** Waits for what becomes of a POST that is in this instance's hands, if there is one. */
  async posted(jobId: string): Promise<void> {
    await this.#inFlight.get(jobId);
  }

  async #send(jobId: string, begun: { job: Job; body: Uint8Array } | null): Promise<void> {
    try {
      await this.posts.run(() => (begun ? this.#post(begun.job, begun.body) : this.#postQueued(jobId)));
    } catch (error) {
      log.error("submit broke", { jobId, error });
    }
  }

  /** One step for a job that is due and not queued. */
  async advance(job: Job): Promise<void> {
    if (job.settlement) return this.#settle(job);
    if (job.loss !== null) return this.late.recordLoss(job);
    switch (job.state) {
      case "submitting":
        return this.#overSendLimit(job);
      case "unknown":
        return this.lost.look(job);
      case "running":
        return this.#poll(job);
      case "cancelled":
        return this.#askBilling(job);
      // Due only if it was given up and has a task.
      case "failed":
      case "expired":
        return this.late.look(job, job.upstreamId);
      default:
        return;
    }
  }

  /** Nobody's any more, or so long on its way that its answer will not be waited for. */
  #overSendLimit(job: Job): void {
    const { submitMsMax } = this.#book.pace;
    const late = Date.now() > (job.sentAt ?? 0) + submitMsMax + ABORT_SLACK_MS;
    if (late || !this.#inFlight.has(job.id)) this.#book.apply(job.id, { kind: "send_limit_passed" });
    else this.#book.putOff(job.id, ABORT_SLACK_MS);
  }

  async #postQueued(jobId: string): Promise<void> {
    failPoint("before_post", jobId);
    const queued = this.#book.find(jobId);
    if (queued?.state !== "queued") return;
    if (!this.gate.isOpen(queued)) await this.gate.ask([queued]);
    // It may have moved to another account meanwhile.
    const waiting = this.#book.find(jobId);
    const job = waiting && this.#book.startPost(jobId, this.gate.needsPermit(waiting));
    if (job) await this.#post(job, this.#book.payload(jobId));
  }

  /** The one POST. The job's row permitted it, in this very tick. */
  async #post(job: Job, body: Uint8Array): Promise<void> {
    const jobId = job.id;
    this.gate.forget(jobId);
    const answer = await this.#upstream(job).submit(
      job.model,
      body,
      hookAddress(job, this.#env),
      this.#book.pace.submitMsMax,
    );
    failPoint("after_post", jobId);
    // Its permit, before the row gives it back.
    const sentWith = this.gate.sentWith(job);
    const after = this.#book.apply(jobId, { kind: "post_answered", answer });
    failPoint("after_post_recorded", jobId);
    if (sentWith) await this.#tellAccount(job, sentWith, answer);
    if (!after) return;
    if (after.state === "queued" && after.account !== job.account) return this.#postQueued(jobId);
    // Nobody waits for it: it is claimed before anything is charged, at the latest by the first poll.
    if (after.state === "running") this.#waitUntil(this.#claimSoon(after));
    else if (after.state === "unknown") await this.lost.enter(after);
    // Whoever submitted it waits, and so do those that want its place among the POSTs.
    else if (after.settlement) await this.#settle(after, true);
  }

  /** What an answer says of the account. Its trouble is not the job's. */
  async #tellAccount(job: Job, sentWith: SentWith, answer: PostAnswer): Promise<void> {
    try {
      await this.gate.tell(job, sentWith, answer);
      if (answer.kind !== "account_fault") return;
      log.error("the upstream account refused a job", { jobId: job.id, reason: answer.reason });
      const message = "the upstream account refuses jobs: check its key, funds and state";
      await this.#alert("upstream_account", sentWith.account, message);
    } catch (error) {
      log.warn("an account was not told how a POST went", { jobId: job.id, error });
    }
  }

  async #poll(job: Job): Promise<void> {
    if (job.upstreamId === null || !(job.claimed || (await this.#claim(job)))) return;
    const upstreamId = job.upstreamId;
    const answer = await this.reads.run(() => this.#upstream(job).result(upstreamId));
    failPoint("after_poll", job.id);
    if (answer.kind === "unrecognised") {
      log.error("unrecognised upstream status", { jobId: job.id, status: answer.status });
      await this.#alert("unrecognised_status", answer.status, `job ${job.id} has a status that nobody knows`);
    }
    if (answer.kind === "failed" && answer.noCredits) {
      await this.#alert("upstream_account", job.account, "a task failed for want of credits: top the account up");
    }
    const after = this.#book.applyPoll(job.id, { kind: "polled", answer }, job.nextAt);
    if (!after?.settlement) return;
    this.#book.paces.found(after);
    failPoint("after_end_recorded", job.id);
    await this.#settle(after);
  }

  /** What an earlier instance left: a POST in nobody's hands is never made again, and a task may not be claimed yet. */
  takeOver(): void {
    for (const job of this.#book.inState("submitting")) this.#book.apply(job.id, { kind: "send_limit_passed" });
    // Another job that is lost must not find it free.
    const unclaimed = this.#book
      .inState("running")
      .filter(({ claimed, upstreamId }) => !claimed && upstreamId !== null);
    for (const job of unclaimed) this.#waitUntil(this.#claimSoon(job));
  }

  async #claimSoon(job: Job): Promise<void> {
    try {
      await this.#claim(job);
    } catch (error) {
      log.warn("a task is claimed later, by a poll", { jobId: job.id, error });
      this.#book.putOff(job.id, this.#book.pace.pollMsMin);
    }
  }

  /** Makes the task this job's own, before anything can be charged for it. */
  async #claim(job: Job): Promise<boolean> {
    if (await this.#together.claim(job)) {
      this.#book.claimed(job.id);
      return true;
    }
    log.error("a task was named to two jobs", { jobId: job.id, upstreamId: job.upstreamId });
    this.#book.apply(job.id, { kind: "claim_refused" });
    await noteJob(this.#env, job, "needs_operator", "another job has this job's task");
    return false;
  }

  async #settle(job: Job, isAwaited = false): Promise<void> {
    if (!job.settlement) return;
    // A job that ends unadopted must not stand in the way of others with its input.
    if (!job.claimed && job.sentAt !== null) await this.#account(job).leaveUnknown(job.id);
    await this.#together.settle(job, isAwaited);
    // Also if that was settled before: whoever did so may have died before the alert.
    if (job.outcome === "expired") {
      await this.#alert("write_off", job.id, "no end was seen in 8 days: the hold was given back");
    }
    failPoint("after_settle", job.id);
    this.#book.apply(job.id, { kind: "settled" });
  }

  async #askBilling(job: Job): Promise<void> {
    const { upstreamId } = job;
    if (upstreamId === null) return;
    const answer = await this.reads.run(() => this.#upstream(job).billing(upstreamId));
    const after = this.#book.apply(job.id, { kind: "billed", answer });
    if (after?.needsOperator && !job.needsOperator)
      await noteJob(this.#env, job, "needs_operator", "no billing record was found");
    if (after?.settlement) await this.#settle(after);
  }

  async #alert(kind: string, subject: string, message: string): Promise<void> {
    await raiseAlert(this.#env.CONTROL, { kind, subject, message });
  }

  #upstream(job: Job): WaveSpeed {
    return waveSpeedOf(this.#env, ownerOf(job), (ms, call) => this.deadlines.within(ms, call));
  }

  #account(job: Job): UpstreamAccountApi {
    return accountObjectOf(this.#env, ownerOf(job));
  }
}
