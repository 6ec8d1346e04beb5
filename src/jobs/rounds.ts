import { log } from "../observability/log.ts";
import { earliest } from "../storage/alarm-clock.ts";
import type { JobBook } from "./job-book.ts";
import type { JobRunner } from "./job-runner.ts";
import { nextChore } from "./job-store.ts";
import type { Job } from "./job.ts";
import { JobsInHand } from "./jobs-in-hand.ts";
import { atMost } from "../timing/at-most.ts";
import type { Notifier } from "./notifier.ts";

/** Jobs that one alarm begins with. */
const DUE_MAX = 24;

/** At least this long between two alarms, so that no row can spin the object. */
const ALARM_GAP_MS = 100;

/** An alarm waits this long for what it began; then that goes on beside the next alarms. */
const ROUND_MS_MAX = 2_000;

/** While something is under way, should the object die with it. Longer than a read takes. */
const LOOK_AFTER_MS = 12_000;

const HURRIED_LATE_MS = 60_000;

/** While all hands are full: whoever gets done calls before. */
const FULL_MS = 1_000;

/**
 * What a tracker's alarm does. Each job's step runs by itself, and so do the calls for many at once, so that whoever
 * does not answer keeps only those that need the answer.
 */
export class Rounds {
  readonly #book: JobBook;
  readonly #runner: JobRunner;
  readonly #notifier: Notifier;
  readonly #sql: SqlStorage;
  readonly #waitUntil: (work: Promise<unknown>) => void;
  readonly #hands = new JobsInHand();
  /** Calls for many jobs that are under way, by name: each once at a time. */
  readonly #calls = new Set<string>();
  #isRinging = false;

  constructor(
    book: JobBook,
    runner: JobRunner,
    notifier: Notifier,
    sql: SqlStorage,
    waitUntil: (work: Promise<unknown>) => void,
  ) {
    this.#book = book;
    this.#runner = runner;
    this.#notifier = notifier;
    this.#sql = sql;
    this.#waitUntil = waitUntil;
  }

  /** Does what is due, and waits for it, but not for long. Does not throw. */
  async ring(): Promise<void> {
    this.#isRinging = true;
    try {
      this.#book.dropInputs();
      this.#book.paces.countFollowed();
      const work = this.#begin();
      this.#waitUntil(work);
      await atMost(work, ROUND_MS_MAX);
    } catch (error) {
      log.error("tracker alarm failed", { error });
    }
    this.#isRinging = false;
    this.arm();
  }

  arm(): void {
    const next = this.nextAt();
    if (next !== null) this.#book.clock.arm(Math.max(next, Date.now() + ALARM_GAP_MS));
  }

  /** When something is due that is not under way. */
  nextAt(): number | null {
    const now = Date.now();
    const inHand = this.#hands.ids();
    const returns = this.#book.permits.hasReturns() ? now + this.#runner.gate.returnMs : null;
    const due = this.#book.due.next(inHand);
    const job = due !== null && this.#hands.isFull() ? Math.max(due, now + FULL_MS) : due;
    const chore = nextChore(this.#sql, {
      bill: this.#calls.has("bill") ? null : this.#book.bills.mark(),
      tell: !this.#calls.has("tell"),
    });
    const after = inHand.size > 0 || this.#calls.size > 0 ? now + LOOK_AFTER_MS : null;
    return [job, chore, returns, after].reduce(earliest, null);
  }

  /** Sends a queued job, which may take a minute: nobody waits for it. */
  send(jobId: string): void {
    this.#waitUntil(this.#runner.submit(jobId));
    // Still queued: it waits for a slot, and is looked at again when one must have come free.
    if (this.#book.find(jobId)?.state === "queued") this.#book.putOff(jobId, this.#book.pace.submitMsMax);
  }

  /** Whoever knows the address may say so, as often as they like: the alarm has its own pace. */
  lookSoon(jobId: string): void {
    this.#book.lookSoon(jobId);
    this.arm();
  }

  /** Looks at a job at once, or, while its step is under way, once more after it. */
  hurry(jobId: string): void {
    this.#book.lookSoon(jobId);
    const job = this.#book.find(jobId);
    if (job?.nextAt == null || job.nextAt > Date.now() || job.state === "queued") return;
    if (this.#hands.take([job]).length > 0) this.#waitUntil(this.#step(jobId));
    // Should the object die with it: soon enough if an alarm is set within a minute.
    this.#book.clock.arm(Date.now() + LOOK_AFTER_MS, HURRIED_LATE_MS);
  }

  /** One step of a job. Does not throw. */
  async advance(jobId: string): Promise<void> {
    try {
      const job = this.#book.find(jobId);
      // It may have been put off since it was due.
      if (!job || (job.nextAt !== null && job.nextAt > Date.now())) return;
      if (job.state === "queued") this.send(jobId);
      else await this.#runner.advance(job);
      // The slot of a task that has ended is another's: it does not wait for the rest of this alarm.
      if (this.#book.permits.hasReturns()) this.#waitUntil(this.#runner.gate.giveBack());
    } catch (error) {
      log.error("job step failed", { jobId, error });
      this.#book.postpone(jobId);
    }
  }

  async #begin(): Promise<void> {
    const due = this.#book.due.at(Date.now(), DUE_MAX, this.#hands.ids());
    const unpermitted = new Set(due.filter((job) => this.#wantsPermit(job)).map(({ id }) => id));
    const taken = this.#hands.take(due);
    const waiting = taken.filter(({ id }) => unpermitted.has(id));
    const others = taken.filter(({ id }) => !unpermitted.has(id));
    await Promise.all([
      this.#runner.gate.giveBack(),
      ...others.map((job) => this.#step(job.id)),
      this.#askPermits(waiting).then(() => Promise.all(waiting.map((job) => this.#step(job.id)))),
    ]);
    await this.#runner.gate.giveBack();
    await Promise.all([
      this.#call("tell", () => this.#notifier.work()),
      this.#call("bill", () => this.#runner.reconciler.work()),
    ]);
    if (!this.#isRinging) this.arm();
  }

  async #step(jobId: string): Promise<void> {
    await this.advance(jobId);
    this.#hands.release(jobId);
    // Its alarm has not waited for it.
    if (!this.#isRinging) this.arm();
  }

  /** A call for many jobs, unless it is under way already. */
  async #call(name: string, work: () => Promise<void>): Promise<void> {
    if (this.#calls.has(name)) return;
    this.#calls.add(name);
    try {
      await work();
    } catch (error) {
      log.warn("a tracker's call was not answered", { call: name, error });
    } finally {
      this.#calls.delete(name);
    }
  }

  #wantsPermit(job: Job): boolean {
    return job.state === "queued" && !this.#runner.gate.isOpen(job);
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
}
