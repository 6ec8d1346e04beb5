import type { AlarmClock } from "../storage/alarm-clock.ts";
import { ENDED, type Job, type JobState } from "./job.ts";
import { arrival } from "./machine/arrival.ts";
import { JobRows } from "./job-rows.ts";
import { droppableInputs, endedInputs } from "./job-store.ts";
import { BillBook } from "./bill-book.ts";
import { DueJobs } from "./due-jobs.ts";
import { firstLookAt } from "./first-look.ts";
import { isGivenUp, transition, type JobEvent } from "./machine.ts";
import { NEEDS_PAYLOAD, needsPayload } from "./needs-payload.ts";
import { newJob, tombstone } from "./new-job.ts";
import { lookAbout, retryDelayMs, type Pace } from "./pace.ts";
import { PermitBook, RETURN_MS } from "./permit-book.ts";
import { isTold } from "./notice.ts";
import { PayloadStore, shortBody, type RoomForBodies } from "./payload-store.ts";
import type { StartRequest } from "./types.ts";
import { TrackerPace } from "./tracker-pace.ts";
import { Unwritten } from "./unwritten.ts";

/** Whoever writes an end settles it. One that died before is made up for by an alarm after this, or by one that comes so much later. */
const SETTLED_AFTER_MS = 12_000;
const SETTLED_LATE_MS = 60_000;

/** Waiting jobs ask in steps of this. */
const WAIT_STEP_MS = 5_000;

/** Kept inputs that one new job drops. */
const INPUTS_MAX = 1_000;

/** A tracker's rows. Every change is: find the job as it is now, ask the pure machine, write, in one tick. */
export class JobBook {
  readonly rows: JobRows;
  readonly clock: AlarmClock;
  readonly pace: Pace;
  readonly paces: TrackerPace;
  readonly permits: PermitBook;
  readonly due: DueJobs;
  readonly bills: BillBook;
  readonly #payloads: PayloadStore;
  readonly #sql: SqlStorage;
  readonly #unwritten = new Unwritten();
  readonly #phase = Math.random();

  constructor(storage: DurableObjectStorage, clock: AlarmClock, pace: Pace, room?: RoomForBodies) {
    this.rows = new JobRows(storage);
    this.#sql = storage.sql;
    this.clock = clock;
    this.pace = pace;
    this.paces = new TrackerPace(storage.sql, this.rows, pace);
    this.permits = new PermitBook(storage);
    this.due = new DueJobs(this.rows, this.#unwritten);
    this.bills = new BillBook(storage.sql, (job, change) => this.#write(job, change));
    this.#payloads = new PayloadStore(storage.sql, room);
  }

  find(jobId: string): Job | null {
    const row = this.rows.find(jobId);
    return row && this.#unwritten.over(row);
  }

  payload(jobId: string): Uint8Array<ArrayBuffer> {
    return this.#payloads.load(jobId);
  }

  /** Applies an event to the row as it is now. Null: the event does not apply in that state. */
  apply(jobId: string, event: JobEvent): Job | null {
    const job = this.find(jobId);
    return job && this.#change(job, transition(job, event, Date.now(), this.paces.for(job)));
  }

  /** Null: nothing changes. */
  #change(job: Job, change: Partial<Job>): Job | null {
    if (Object.keys(change).length === 0) return null;
    this.rows.transaction(() => this.#write(job, change));
    return { ...job, ...change };
  }

  /** As `apply`, for a poll. One without news is not written. `from`: when the job was due as the poll began; by now it may be wanted anew. */
  applyPoll(jobId: string, event: Extract<JobEvent, { kind: "polled" }>, from: number | null): Job | null {
    const job = this.find(jobId);
    if (!job) return null;
    const change = transition(job, event, Date.now(), this.paces.for(job));
    if (isNews(job, change) || change.nextAt == null) {
      const after = this.#change(job, change);
      if (after?.state === "running" && job.nextAt !== from) this.lookSoon(jobId);
      return after;
    }
    if (job.nextAt !== from) return job;
    const nextAt = lookAbout(change.nextAt, Date.now(), this.pace, { phase: this.#phase, chance: Math.random() });
    if (this.#unwritten.hasHook(jobId)) this.#write(job, { nextAt });
    else this.#lookAt(jobId, nextAt);
    return { ...job, nextAt };
  }

  /** Without a write. The alarm is armed by whoever has done with all its jobs. */
  #lookAt(jobId: string, to: number): void {
    this.#unwritten.look(jobId, { from: this.rows.find(jobId)?.nextAt ?? null, to });
  }

  /** The only thing that permits a POST: this row was queued, and had a permit where one is needed. */
  startPost(jobId: string, needsPermit: boolean): Job | null {
    return this.rows.transaction(() => {
      const job = this.find(jobId);
      if (job?.state !== "queued") return null;
      if (needsPermit && !this.permits.use(job.account, jobId, Date.now())) return null;
      return this.apply(jobId, { kind: "post_started" });
    });
  }

  /** Gives a job that waits to another account. False: it does not wait there any more. */
  move(jobId: string, from: string, to: string): boolean {
    return this.rows.transaction(() => {
      const job = this.find(jobId);
      if (job?.state !== "queued" || job.account !== from) return false;
      if (this.permits.giveBack(jobId)) this.clock.arm(Date.now() + RETURN_MS);
      this.#write(job, { account: to });
      return true;
    });
  }

  /**
   * Keeps a new job with its body; a known id changes nothing. Where there is no room for the body the id gets a
   * tombstone: `isNew`, and `void`. `sendsNow`: whether nothing stands between the job and its POST, which this
   * row then permits.
   */
  store(request: StartRequest, sendsNow: (job: Job) => boolean): { job: Job; isNew: boolean } {
    const bytes = request.input.byteLength;
    try {
      return this.rows.transaction(() => {
        const now = Date.now();
        const { makes } = arrival(null, this.#payloads.hasRoom(bytes) ? "start" : "start_without_room");
        const isVoid = makes === "void";
        const job = isVoid
          ? tombstone(request.job.jobId, now)
          : this.#arrived(newJob(request, now, now + this.pace.pollMsMin), sendsNow);
        // Nearly every job is new, so nobody asks before: one that is known makes no row, whatever it asks (`ARRIVALS`).
        const isNew = this.rows.insert(job, isVoid ? null : shortBody(request.input));
        if (!isNew) return { job: this.#known(job.id), isNew };
        if (isVoid) return { job, isNew };
        this.#payloads.keep(job.id, request.input);
        this.#giveWay();
        this.clock.arm(firstLookAt(job, now, this.paces.for(job)));
        this.clock.arm(job.inputUntil);
        return { job, isNew };
      });
    } catch (error) {
      this.#payloads.recount();
      throw error;
    }
  }

  #known(jobId: string): Job {
    const job = this.find(jobId);
    if (!job) throw new Error(`job ${jobId} has a row, and none`);
    return job;
  }

  /** As it is inserted: queued, or on its way at once, in one row and one commit. */
  #arrived(job: Job, sendsNow: (job: Job) => boolean): Job {
    if (!sendsNow(job)) return job;
    return { ...job, ...transition(job, { kind: "post_started" }, Date.now(), this.pace) };
  }

  /** Known jobs stay; an unknown id gets a tombstone, after which it can never start. */
  voidUnstarted(jobIds: string[]): { known: string[]; voided: string[] } {
    return this.rows.transaction(() => {
      const isKnown = (id: string): boolean => {
        const job = this.find(id);
        if (arrival(job, "void_unstarted").makes === "void") this.rows.insert(tombstone(id, Date.now()));
        return job !== null && job.state !== "void";
      };
      const known = jobIds.filter(isKnown);
      return { known, voided: jobIds.filter((id) => !known.includes(id)) };
    });
  }

  /** Unfinished jobs. */
  inState(state: JobState): Job[] {
    return this.rows.unfinished().filter((row) => row.state === state);
  }

  /** Hides a job from its tenant for good. What it made goes at once if its money is settled, else when it is. */
  remove(jobId: string): boolean {
    return this.rows.transaction(() => {
      const job = this.find(jobId);
      if (!job || job.state === "void" || job.deletedAt !== null) return false;
      this.#write(job, { deletedAt: Date.now() });
      return true;
    });
  }

  /** Drops the inputs whose time is over, or for which there is no room. Those of jobs that are not sent yet go when these are. */
  dropInputs(): void {
    this.rows.transaction(() => {
      for (const job of endedInputs(this.#sql, Date.now())) this.#write(job, { inputUntil: null });
      if (this.#giveWay()) this.clock.arm(Date.now());
    });
  }

  /** Inputs that are only kept, the oldest first, make room for those that are needed. True: some did, and not enough. */
  #giveWay(): boolean {
    if (!this.#payloads.isCrowded()) return false;
    const kept = droppableInputs(this.#sql, [...NEEDS_PAYLOAD], INPUTS_MAX);
    for (const job of kept) {
      if (!this.#payloads.isCrowded()) return false;
      this.#write(job, { inputUntil: null, inputDropped: true });
    }
    return kept.length > 0 && this.#payloads.isCrowded();
  }

  /** The job's turn has not come. All that wait here ask at the same moments, in one call. */
  wait(jobId: string, ms: number): void {
    const at = Math.ceil((Date.now() + ms) / WAIT_STEP_MS - this.#phase) * WAIT_STEP_MS + this.#phase * WAIT_STEP_MS;
    this.apply(jobId, { kind: "waited", againMs: Math.round(at) - Date.now() });
  }

  /** What one webhook said is done: said once more, it is nothing new. */
  heard(jobId: string, signature: string): void {
    const job = this.find(jobId);
    if (job && isGivenUp(job)) this.#write(job, { hookSeen: signature });
    // One that has ended wants nothing more.
    else if (job && !ENDED.has(job.state)) this.#unwritten.note(jobId, { hookSeen: signature });
  }

  lookSoon(jobId: string): void {
    const job = this.find(jobId);
    const now = Date.now();
    // A POST on its way is not hurried: its own answer or its limit comes first.
    if (!job || job.nextAt === null || job.state === "queued" || job.state === "submitting") return;
    // Also if it is due already: a poll of it that is under way may be older than what is known now.
    this.#lookAt(jobId, now);
  }

  /** Looks at a job again after a time, if it is still in that step. */
  putOff(jobId: string, ms: number): void {
    const job = this.find(jobId);
    if (job && job.nextAt !== null) this.#write(job, { nextAt: Date.now() + ms });
  }

  /** Puts a job off after a step that broke, by its back-off. */
  postpone(jobId: string): void {
    const job = this.find(jobId);
    if (!job || job.nextAt === null) return;
    this.#write(job, { attempts: job.attempts + 1, nextAt: Date.now() + retryDelayMs(job.attempts, this.pace) });
  }

  /** Its task is its own: the account keeps that, and says it again to whoever asks. */
  claimed(jobId: string): void {
    if (this.rows.find(jobId)?.nextAt != null) this.#unwritten.note(jobId, { claimed: true });
  }

  #write(job: Job, change: Partial<Job>): void {
    const isBilled = change.settled != null && job.upstreamId !== null && job.mode === "live";
    const billed = isBilled ? { ...change, reconcileAt: this.bills.firstAt(job.id) } : change;
    const kept = isTold(job, change) ? { ...billed, notifyAt: Date.now() } : billed;
    const known = { ...this.#unwritten.take(job.id, change.nextAt !== undefined), ...kept };
    const whole = isPurgeable({ ...job, ...known }) ? { ...known, ...PURGED } : known;
    const after = { ...job, ...whole };
    if (change.state === "completed" && job.state === "running") this.paces.learn(job, Date.now());
    const dropsBody = needsPayload(job) && !needsPayload(after);
    this.rows.update(job.id, whole, dropsBody);
    // Its task has ended, or there certainly is none: the account may have its permit back.
    const isDone = after.state !== job.state && (ENDED.has(after.state) || after.state === "queued");
    if (isDone && this.permits.giveBack(job.id)) this.clock.arm(Date.now() + RETURN_MS);
    if (dropsBody) this.#payloads.drop(job);
    if (change.settlement) this.clock.arm((change.nextAt ?? Date.now()) + SETTLED_AFTER_MS, SETTLED_LATE_MS);
    else if (change.nextAt != null) this.clock.arm(change.nextAt);
    for (const at of [whole.reconcileAt, whole.notifyAt]) if (at != null) this.clock.arm(at);
  }
}

/** Whether a change says more than when to look next. */
const isNews = (job: Job, change: Partial<Job>): boolean =>
  Object.entries(change).some(([field, value]) => field !== "nextAt" && job[field as keyof Job] !== value);

/** Deleted, and nothing is left to be done or decided by what it made. */
const isPurgeable = (job: Job): boolean =>
  job.deletedAt !== null && ENDED.has(job.state) && job.settlement === null && job.loss === null;

/** The row itself stays: its id must never start again. */
const PURGED: Partial<Job> = { result: null, refusal: null, inputUntil: null };
