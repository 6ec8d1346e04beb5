import { accountObjectOf, accountOf, type AccountOwner } from "../accounts/account-of.ts";
import { isLimited } from "../accounts/account-settings.ts";
import type { Permit, PermitReply, QueuePlace, SentWith, UpstreamAccountApi } from "../accounts/types.ts";
import type { Env } from "../config.ts";
import { parseJobId } from "../keys/job-id.ts";
import { log } from "../observability/log.ts";
import type { JobBook } from "./job-book.ts";
import type { Job } from "./job.ts";
import { RETURN_MS } from "./permit-book.ts";

/** How often a waiting job asks for its place; also what finds a grant that was not heard. Longer the further off it is. */
const LOOK_MS_MIN = 5_000;
const LOOK_MS_MAX = 60_000;

/** After an account did not take permits back. */
const RETURN_AGAIN_MS = 5_000;

/** Gets queued jobs the permits that limited accounts want before a POST, and gives them back. */
export class PermitGate {
  readonly #book: JobBook;
  readonly #env: Env;
  /** As the accounts last said; not kept, since it is old in seconds. */
  readonly #places = new Map<string, QueuePlace>();
  /** When permits that lie here are returned. */
  returnMs = RETURN_MS;

  constructor(book: JobBook, env: Env) {
    this.#book = book;
    this.#env = env;
  }

  placeOf(jobId: string): QueuePlace | null {
    return this.#places.get(jobId) ?? null;
  }

  needsPermit(job: Job): boolean {
    const { settings } = accountOf(this.#env, ownerOf(job));
    return settings !== null && isLimited(settings);
  }

  /** Whether the job may be sent now, without asking anybody. */
  isOpen(job: Job): boolean {
    return !this.needsPermit(job) || this.#book.permits.take(job.account, job.id, Date.now());
  }

  /** With what the job was sent; null for a sandbox job, whose account knows no limits and no circuit. */
  sentWith(job: Job): SentWith | null {
    if (job.mode === "test") return null;
    const account = accountOf(this.#env, ownerOf(job)).id;
    return { account, permit: this.#book.permits.usedBy(account, job.id) };
  }

  /** Asks for jobs that are queued; those that get no permit wait, and are looked at again in a while. */
  async ask(jobs: readonly Job[]): Promise<void> {
    for (const [account, own] of Map.groupBy(jobs, (job) => job.account)) {
      const reply = await this.#request(account, own, true);
      this.#book.permits.keep(account, reply.granted);
      const granted = new Set(reply.granted.map(({ jobId }) => jobId));
      for (const job of own) {
        this.#setPlace(job.id, reply.places[job.id]);
        if (granted.has(job.id) || (await this.#goElsewhere(job, reply.closed))) continue;
        this.#book.apply(job.id, { kind: "waited", againMs: lookMs(reply.places[job.id], Date.now()) });
      }
    }
  }

  /**
   * A job that would wait goes to an account that takes it at once; one whose account is closed goes to any that
   * is not, and waits there. False: it stays where it is.
   */
  async #goElsewhere(job: Job, closed: boolean): Promise<boolean> {
    let open: string | null = null;
    for (const other of job.accounts.filter((name) => name !== job.account)) {
      const moved = { ...job, account: other };
      const reply = this.needsPermit(moved) ? await this.#request(other, [moved], false) : null;
      if (reply === null || reply.granted.length > 0) {
        await this.#move(job, other, reply?.granted ?? []);
        return true;
      }
      if (!reply.closed) open ??= other;
    }
    if (!closed || open === null) return false;
    await this.#move(job, open, []);
    this.#book.putOff(job.id, 0);
    return true;
  }

  async #move(job: Job, to: string, granted: Permit[]): Promise<void> {
    const moved = this.#book.move(job.id, job.account, to);
    // Also if it did not move: then what was granted goes back.
    this.#book.permits.keep(to, granted);
    if (moved) this.#setPlace(job.id, undefined);
    if (moved && this.needsPermit(job)) await this.#leave(job.account, job.id);
  }

  #request(account: string, jobs: readonly Job[], queue: boolean): Promise<PermitReply> {
    const [first] = jobs;
    const tracker = parseJobId(first?.id ?? "");
    if (!first || !tracker) throw new Error("no job to ask a permit for");
    return this.#account(account).request({
      account,
      tracker,
      weight: first.weight,
      jobs: jobs.map((job) => ({ jobId: job.id, priority: job.priority, queuedAt: job.queuedAt ?? job.createdAt })),
      queue,
    });
  }

  #setPlace(jobId: string, place: QueuePlace | undefined): void {
    if (place) this.#places.set(jobId, place);
    else this.#places.delete(jobId);
  }

  /** Returns what is not needed any more. What the account did not hear is told again. */
  async giveBack(): Promise<void> {
    this.returnMs = RETURN_MS;
    for (const [account, permits] of this.#book.permits.toReturn()) {
      try {
        await this.#account(account).returnPermits(account, permits);
        this.#book.permits.drop(
          account,
          permits.map(({ id }) => id),
        );
      } catch (error) {
        this.returnMs = RETURN_AGAIN_MS;
        log.warn("permits were not returned", { account, error });
      }
    }
  }

  /** A job that was withdrawn does not wait any more. Its place would only be found empty later. */
  async #leave(account: string, jobId: string): Promise<void> {
    try {
      await this.#account(account).leave(account, [jobId]);
    } catch (error) {
      log.warn("a job stays in a queue that it left", { account, jobId, error });
    }
  }

  async withdraw(job: Job): Promise<void> {
    this.#places.delete(job.id);
    if (this.needsPermit(job)) await this.#leave(job.account, job.id);
  }

  #account(name: string): UpstreamAccountApi {
    return accountObjectOf(this.#env, { mode: "live", tenant: "", name });
  }
}

/** A quarter of the time until it may start. */
function lookMs(place: QueuePlace | undefined, now: number): number {
  const left = place?.expectedStart == null ? 0 : place.expectedStart - now;
  return Math.min(Math.max(Math.round(left / 4), LOOK_MS_MIN), LOOK_MS_MAX);
}

export const ownerOf = ({ mode, tenant, account }: Job): AccountOwner => ({ mode, tenant, name: account });
