import { accountObjectOf, accountOf, configuredAccount, type AccountOwner } from "../accounts/account-of.ts";
import { isLimited } from "../accounts/account-settings.ts";
import type { Permit, PermitReply, QueuePlace, SentWith, UpstreamAccountApi } from "../accounts/types.ts";
import type { Env } from "../config.ts";
import { parseJobId } from "../keys/job-id.ts";
import { log } from "../observability/log.ts";
import { loadSettings, type Settings } from "../settings/index.ts";
import type { PostAnswer } from "../upstream/answers.ts";
import type { JobBook } from "./job-book.ts";
import type { Job } from "./job.ts";
import { RETURN_MS } from "./permit-book.ts";

/** How often a waiting job asks for its place; also what finds a grant that was not heard. Longer the further off it is. */
const LOOK_MS_MIN = 5_000;
const LOOK_MS_MAX = 60_000;

/** Permits without a job that a tracker keeps at most. */
const SPARES = 8;

/** After an account did not take permits back. */
const RETURN_AGAIN_MS = 5_000;

/** Gets queued jobs the permits that limited accounts want before a POST, and gives them back. */
export class PermitGate {
  readonly #book: JobBook;
  readonly #env: Env;
  /** As the accounts last said; not kept, since it is old in seconds. */
  readonly #places = new Map<string, QueuePlace>();
  #returning: Promise<void> | null = null;
  /** When permits that lie here are returned. */
  returnMs = RETURN_MS;

  constructor(book: JobBook, env: Env) {
    this.#book = book;
    this.#env = env;
  }

  placeOf(jobId: string): QueuePlace | null {
    return this.#places.get(jobId) ?? null;
  }

  /** A job of an account that is not configured any more waits as for one that is full. */
  needsPermit(job: Job): boolean {
    if (job.mode === "test") return false;
    const { settings } = accountOf(this.#env, ownerOf(job));
    return settings === null || isLimited(settings);
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
      const reply = configuredAccount(this.#env, account) ? await this.#request(account, own, true) : GONE;
      this.#book.permits.keep(account, reply.granted, Date.now());
      for (const job of own) this.#setPlace(job.id, reply.places[job.id]);
      // A permit that was offered once more may have been given up here.
      const waiting = own.filter(({ id }) => !this.#book.permits.isReady(account, id, Date.now()));
      for (const job of await this.#goElsewhere(account, waiting, reply.closed)) {
        this.#book.wait(job.id, lookMs(reply.places[job.id], Date.now()));
      }
    }
  }

  /** The lost job has a task: its account counts that, though it may have freed the permit meanwhile. */
  async found(job: Job): Promise<void> {
    const sentWith = this.sentWith(job);
    const tracker = parseJobId(job.id);
    if (sentWith?.permit == null || !tracker) return;
    await this.#account(sentWith.account).found(sentWith, job.id, tracker);
  }

  /** What the answer to a job's POST says of its account, for whoever comes next. */
  async tell(job: Job, { account, permit }: SentWith, answer: PostAnswer): Promise<void> {
    if (answer.kind === "lost") await this.#account(account).failed(account, { kind: "lost" });
    if (answer.kind === "account_fault") {
      await this.#account(account).failed(account, { kind: "fault", reason: answer.reason, tenant: job.tenant });
    }
    // A 503 may be of this model alone: its job waits by itself.
    if (answer.kind !== "not_created" || !answer.tooMany) return;
    this.#book.permits.giveBackUnused(account);
    await this.#account(account).pushedBack({ account, permit }, answer.retryAfterMs);
    // Where there is a queue it waits there, in its old place.
    if (permit !== null) this.#book.putOff(job.id, 0);
  }

  forget(jobId: string): void {
    this.#places.delete(jobId);
  }

  /**
   * Jobs that would wait go to an account that takes them at once; those whose account is closed go to any that is
   * not, and wait there. Answers those that stay where they are.
   */
  async #goElsewhere(from: string, jobs: readonly Job[], closed: boolean): Promise<readonly Job[]> {
    const others = [...new Set(jobs.flatMap(({ accounts }) => accounts))].filter((name) => name !== from);
    if (others.length === 0) return jobs;
    const settings = await loadSettings(this.#env.CONTROL, Date.now());
    let left = jobs;
    let open: string | null = null;
    for (const other of settings.ok ? others.filter((name) => isUsable(this.#env, settings.value, name)) : []) {
      const able = left.filter(({ accounts }) => accounts.includes(other));
      if (able.length === 0) continue;
      const taken = await this.#offer(from, other, able);
      if (taken === "closed") continue;
      open ??= other;
      left = left.filter((job) => !taken.includes(job));
    }
    if (!closed || open === null) return left;
    const moved = open;
    const going = left.filter(({ accounts }) => accounts.includes(moved));
    await this.#move(from, moved, going, []);
    for (const job of going) this.#book.putOff(job.id, 0);
    return left.filter((job) => !going.includes(job));
  }

  /** Offers jobs to another account, which takes those that it has room for now. */
  async #offer(from: string, to: string, jobs: readonly Job[]): Promise<readonly Job[] | "closed"> {
    const limited = jobs.filter((job) => this.needsPermit({ ...job, account: to }));
    const reply = limited.length === 0 ? null : await this.#request(to, limited, false);
    if (reply?.closed) return "closed";
    const isTaken = ({ id }: Job): boolean => reply === null || reply.granted.some(({ jobId }) => jobId === id);
    const taken = jobs.filter(isTaken);
    await this.#move(from, to, taken, reply?.granted ?? []);
    return taken;
  }

  async #move(from: string, to: string, jobs: readonly Job[], granted: Permit[]): Promise<void> {
    const moved = jobs.filter((job) => this.#book.move(job.id, from, to));
    // Also of those that did not move: then what was granted goes back.
    this.#book.permits.keep(to, granted, Date.now());
    for (const job of moved) this.#places.delete(job.id);
    if (moved.length > 0 && configuredAccount(this.#env, from)) await this.#leave(from, moved);
  }

  #request(account: string, jobs: readonly Job[], queue: boolean): Promise<PermitReply> {
    const [first] = jobs;
    const tracker = parseJobId(first?.id ?? "");
    if (!first || !tracker) throw new Error("no job to ask a permit for");
    return this.#account(account).request({
      account,
      tracker,
      weight: first.weight,
      jobs: jobs.map((job) => ({
        jobId: job.id,
        priority: job.priority,
        queuedAt: job.queuedAt ?? job.createdAt,
        holds: this.#book.permits.heldBy(account, job.id),
      })),
      queue,
      spares: Math.max(0, SPARES - this.#book.permits.countSpares(account, Date.now())),
    });
  }

  #setPlace(jobId: string, place: QueuePlace | undefined): void {
    if (place) this.#places.set(jobId, place);
    else this.#places.delete(jobId);
  }

  /** Returns what is not needed any more, once at a time. What the account did not hear is told again. */
  giveBack(): Promise<void> {
    this.#returning ??= this.#giveBack().finally(() => {
      this.#returning = null;
    });
    return this.#returning;
  }

  async #giveBack(): Promise<void> {
    this.returnMs = RETURN_MS;
    for (const [account, permits] of this.#book.permits.toReturn()) {
      try {
        await this.#account(account).returnPermits(account, permits);
        this.#book.permits.drop(
          account,
          permits.map(({ id }) => id),
          Date.now(),
        );
      } catch (error) {
        this.returnMs = RETURN_AGAIN_MS;
        log.warn("permits were not returned", { account, error });
      }
    }
  }

  /** A job that was withdrawn does not wait any more. Its place would only be found empty later. */
  async #leave(account: string, jobs: readonly Pick<Job, "id">[]): Promise<void> {
    const jobIds = jobs.map(({ id }) => id);
    try {
      await this.#account(account).leave(account, jobIds);
    } catch (error) {
      log.warn("jobs stay in a queue that they left, until their turn", { account, jobs: jobIds.length, error });
    }
  }

  async withdraw(job: Job): Promise<void> {
    this.#places.delete(job.id);
    if (this.needsPermit(job)) await this.#leave(job.account, [job]);
  }

  #account(name: string): UpstreamAccountApi {
    return accountObjectOf(this.#env, { mode: "live", tenant: "", name });
  }
}

/** What an account that is not configured any more would answer. */
const GONE: PermitReply = { granted: [], places: {}, closed: true };

/** Whether jobs may move there: neither paused nor found out of order, as far as the settings say. */
const isUsable = (env: Env, { pauses, closedAccounts }: Settings, name: string): boolean =>
  configuredAccount(env, name) !== null &&
  !closedAccounts.has(name) &&
  !pauses.some(({ kind, subject }) => kind === "account" && subject === name);

/** A quarter of the time until it may start. */
function lookMs(place: QueuePlace | undefined, now: number): number {
  const left = place?.expectedStart == null ? 0 : place.expectedStart - now;
  return Math.min(Math.max(Math.round(left / 4), LOOK_MS_MIN), LOOK_MS_MAX);
}

export const ownerOf = ({ mode, tenant, account }: Job): AccountOwner => ({ mode, tenant, name: account });
