import { accountObjectOf, waveSpeedOf } from "../accounts/account-of.ts";
import type { UpstreamAccountApi } from "../accounts/types.ts";
import type { Env } from "../config.ts";
import { raiseAlert } from "../observability/alerts.ts";
import type { WaveSpeed } from "../upstream/wavespeed.ts";
import { findLostTask } from "./find-lost-task.ts";
import type { JobBook } from "./job-book.ts";
import type { Job } from "./job.ts";
import type { LateTasks } from "./late-tasks.ts";
import { isBeingGivenUp, isGivenUp, provesNothing, secondWalk } from "./machine.ts";
import { noteJob } from "./note-job.ts";
import { ownerOf, type PermitGate } from "./permit-gate.ts";
import type { Slots } from "./slots.ts";
import type { Decision } from "./types.ts";

/** The list of predictions tells within minutes; a job that is unknown for longer is told to people. */
const UNKNOWN_ALERT_MS = 3_600_000;

/** What finding out is done with. */
interface Hands {
  book: JobBook;
  env: Env;
  gate: PermitGate;
  reads: Slots;
  late: LateTasks;
  /** Whether the job's task is its own, from now on or already. */
  claim: (job: Job) => Promise<boolean>;
  settle: (job: Job) => Promise<void>;
}

/** Finds out what became of a POST whose answer was lost: by walks of WaveSpeed's list, a webhook, or people. */
export class LostJobs {
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** Makes the job known as a rival of others with its input. Answers the task that it owns already, if any. */
  async enter(job: Job): Promise<string | null> {
    const claimed = await this.#account(job).enterUnknown(job.id, job.inputHash);
    await noteJob(this.#hands.env, job, "unknown_entered", "");
    return claimed;
  }

  /** One walk of WaveSpeed's list, and what follows from it. */
  async look(job: Job): Promise<void> {
    const { book, reads, env } = this.#hands;
    const claimed = await this.enter(job);
    if (claimed !== null) return this.#adopted(job, claimed);
    const read = { upstream: this.#upstream(job), account: this.#account(job), reads };
    const found = await findLostTask(job, book.payload(job.id), read, book.pace.submitMsMax);
    const [only, ...more] = found ?? [];
    const certain = only !== undefined && more.length === 0 && only.certain;
    if (certain && only.id === job.candidate && secondWalk(job, Date.now(), book.pace)) {
      const adoption = await this.#account(job).adopt(job.id, job.inputHash, [only.id]);
      if (adoption.kind === "adopted") return this.#adopted(job, adoption.upstreamId);
    }
    if (found?.length === 0 && provesNothing(job, Date.now(), book.pace)) {
      // A webhook may have found the task during this walk: from here on no claim can follow.
      const own = await this.#account(job).abandon(job.id, "proof");
      if (own !== null) return this.#adopted(job, own);
    }
    const unclaimed = (found ?? []).map((task) => task.id);
    const after = book.apply(job.id, { kind: "walked", complete: found !== null, unclaimed });
    if (after?.needsOperator) await noteJob(env, job, "needs_operator", "which task is this job's could not be told");
    if (after?.settlement) await this.#hands.settle(after);
    if (after?.state === "unknown") await this.#tellOfLong(job);
  }

  /** A person's word. A lost job gives up its claim first: if it turns out to have a task, that decides instead. */
  async resolve(job: Job, decision: Decision): Promise<Job | null> {
    const own = job.state === "unknown" ? await this.#giveUp(job) : null;
    if (own !== null) {
      await this.#adopted(job, own);
      return null;
    }
    const after = this.#hands.book.apply(job.id, { kind: "resolved", ...decision });
    if (after?.settlement) await this.#hands.settle(after);
    return after;
  }

  /** Entered first: the account may not have heard yet that it is lost, and it is to stay a rival of others. */
  async #giveUp(job: Job): Promise<string | null> {
    const account = this.#account(job);
    return (await account.enterUnknown(job.id, job.inputHash)) ?? (await account.abandon(job.id, "people"));
  }

  /**
   * A webhook that WaveSpeed signed names the job's task, which comes to it, or to its losses, if WaveSpeed knows it
   * and no job has it. Throws where that could not be told: nobody names the task again but this webhook, sent again.
   */
  async named(jobId: string, upstreamId: string): Promise<void> {
    const { book } = this.#hands;
    const lost = book.find(jobId);
    const isTold = lost?.state !== "unknown" || (await this.#adoptNamed(lost, upstreamId));
    // Given up, before or during that; what it held is given back first, so that the loss finds no hold.
    const ended = book.find(jobId);
    if (ended?.settlement && isBeingGivenUp(ended)) await this.#hands.settle(ended);
    const after = book.find(jobId);
    if (after && isGivenUp(after)) await this.#hands.late.adopt(after, upstreamId);
    else if (!isTold && after?.state === "unknown") throw new Error("a webhook named a task that could not be read");
  }

  /** False: the task could not be read, which is no end of it. */
  async #adoptNamed(job: Job, upstreamId: string): Promise<boolean> {
    const answer = await this.#hands.reads.run(() => this.#upstream(job).result(upstreamId));
    if (answer.kind === "unreachable" || answer.kind === "gone") return false;
    // Late: it may have given up its claim, and whoever did so died before the row said that it ended.
    const isOwn =
      (await this.#hands.claim({ ...job, upstreamId })) || (await this.#account(job).claimLate(upstreamId, job.id));
    if (isOwn) await this.#adopted(job, upstreamId);
    return true;
  }

  /** The account first: if it does not answer, the job is still lost, and this is done again. */
  async #adopted(job: Job, upstreamId: string): Promise<void> {
    await this.#hands.gate.found(job);
    this.#hands.book.apply(job.id, { kind: "adopted", upstreamId });
    await noteJob(this.#hands.env, job, "unknown_left", "");
  }

  async #tellOfLong(job: Job): Promise<void> {
    const unknownMs = Date.now() - (job.unknownAt ?? Date.now());
    if (unknownMs <= UNKNOWN_ALERT_MS) return;
    const message = `what became of its POST is not known after ${Math.floor(unknownMs / 3_600_000)} h`;
    await raiseAlert(this.#hands.env.CONTROL, { kind: "unknown_for_long", subject: job.id, message });
  }

  #upstream(job: Job): WaveSpeed {
    return waveSpeedOf(this.#hands.env, ownerOf(job));
  }

  #account(job: Job): UpstreamAccountApi {
    return accountObjectOf(this.#hands.env, ownerOf(job));
  }
}
