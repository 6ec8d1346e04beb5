import { accountObjectOf, waveSpeedOf } from "../accounts/account-of.ts";
import type { Env } from "../config.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { raiseAlert } from "../observability/alerts.ts";
import type { JobBook } from "./job-book.ts";
import type { Job } from "./job.ts";
import { ownerOf } from "./permit-gate.ts";
import type { Slots } from "./slots.ts";

/** Follows the tasks of jobs that were given up: what they made is delivered, and what they cost is a loss. */
export class LateTasks {
  readonly #book: JobBook;
  readonly #env: Env;
  readonly #reads: Slots;

  constructor(book: JobBook, env: Env, reads: Slots) {
    this.#book = book;
    this.#env = env;
    this.#reads = reads;
  }

  /** A verified webhook named a task for a job that was given up: delivered if it is one, and nobody's to pay. */
  async adopt(job: Job, upstreamId: string): Promise<void> {
    if (job.upstreamId !== null && job.upstreamId !== upstreamId) return;
    const account = accountObjectOf(this.#env, ownerOf(job));
    if (!(await account.claimLate(upstreamId, job.id))) return;
    // In the row before it is read: should this instance die with that, an alarm reads it.
    this.#book.apply(job.id, {
      kind: "polled_late",
      answer: { kind: "unreachable", reason: "not read yet" },
      upstreamId,
    });
    await this.look(job, upstreamId);
  }

  /** Reads the task, and the bill of one that ended without saying who pays. */
  async look(job: Job, upstreamId: string | null): Promise<void> {
    if (upstreamId === null) return;
    const upstream = waveSpeedOf(this.#env, ownerOf(job));
    const polled = await this.#reads.run(() => upstream.result(upstreamId));
    const seen = this.#book.apply(job.id, { kind: "polled_late", answer: polled, upstreamId });
    if (seen?.loss != null) return this.recordLoss(seen);
    if (!seen || polled.kind !== "ended_unpriced") return;
    const billed = await this.#reads.run(() => upstream.billing(upstreamId));
    const after = this.#book.apply(job.id, { kind: "billed_late", answer: billed });
    if (after?.loss != null) await this.recordLoss(after);
  }

  async recordLoss({ id: jobId, tenant, state, costMicros, upstreamId, loss: reason }: Job): Promise<void> {
    if (reason === null || upstreamId === null) return;
    const loss = { jobId, costMicros, upstreamId, reason };
    const isDelivered = state === "completed";
    const written = await ledgerOf(this.#env, tenant).recordLoss(isDelivered ? loss : { ...loss, undelivered: true });
    // Also if it was written before: whoever did so may have died before the alert.
    if (written !== "held") {
      await raiseAlert(this.#env.CONTROL, { kind: "loss", subject: jobId, message: reason });
    }
    this.#book.apply(jobId, { kind: "loss_recorded" });
  }
}
