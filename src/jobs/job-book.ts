import { DEFAULT_ACCOUNT } from "../accounts/account-settings.ts";
import { PRIORITIES } from "../accounts/types.ts";
import type { AlarmClock } from "../storage/alarm-clock.ts";
import { ENDED, type Job } from "./job.ts";
import { arrival } from "./machine/arrival.ts";
import { endedInputs, findJob, insertJob, jobsInState, unacknowledgedJobs, updateJob } from "./job-store.ts";
import { transition, type JobEvent } from "./machine.ts";
import { retryDelayMs, type Pace } from "./pace.ts";
import { PermitBook, RETURN_MS } from "./permit-book.ts";
import { dropPayload, loadPayload, storePayload } from "./payload-store.ts";
import type { StartRequest } from "./types.ts";
import { learnUsualMs, readUsualMs } from "./usual-times.ts";

/** States in which the body may still be needed: to be sent, or to recognise the lost task by. */
const NEEDS_PAYLOAD = new Set(["queued", "submitting", "unknown"]);

/** Kept inputs that one alarm drops. */
const INPUTS_MAX = 100;

/** Jobs that one acknowledgement names. */
const ACKNOWLEDGE_MAX = 200;

/** A tracker's rows. Every change is: read the row again, ask the pure machine, write, in one transaction. */
export class JobBook {
  readonly clock: AlarmClock;
  readonly pace: Pace;
  readonly permits: PermitBook;
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage, clock: AlarmClock, pace: Pace) {
    this.#storage = storage;
    this.clock = clock;
    this.pace = pace;
    this.permits = new PermitBook(storage);
  }

  find(jobId: string): Job | null {
    return findJob(this.#storage.sql, jobId);
  }

  payload(jobId: string): Uint8Array<ArrayBuffer> {
    return loadPayload(this.#storage.sql, jobId);
  }

  /** Applies an event to the row as it is now. Null: the event does not apply in that state. */
  apply(jobId: string, event: JobEvent): Job | null {
    return this.#storage.transactionSync(() => {
      const job = this.find(jobId);
      if (!job) return null;
      const change = transition(job, event, Date.now(), this.#paceFor(job));
      if (Object.keys(change).length === 0) return null;
      this.#write(job, change);
      return { ...job, ...change };
    });
  }

  /** The only thing that permits a POST: this row was queued, and had a permit where one is needed. */
  startPost(jobId: string, needsPermit: boolean): Job | null {
    return this.#storage.transactionSync(() => {
      const job = this.find(jobId);
      if (job?.state !== "queued") return null;
      if (needsPermit && !this.permits.use(job.account, jobId, Date.now())) return null;
      return this.apply(jobId, { kind: "post_started" });
    });
  }

  /** Gives a job that waits to another account. False: it does not wait there any more. */
  move(jobId: string, from: string, to: string): boolean {
    return this.#storage.transactionSync(() => {
      const job = this.find(jobId);
      if (job?.state !== "queued" || job.account !== from) return false;
      if (this.permits.giveBack(jobId)) this.clock.arm(Date.now() + RETURN_MS);
      this.#write(job, { account: to });
      return true;
    });
  }

  /** Keeps a new job with its body; a known id changes nothing. */
  store(request: StartRequest): { job: Job; isNew: boolean } {
    return this.#storage.transactionSync(() => {
      const known = this.find(request.job.jobId);
      if (known && arrival(known, "start").makes === null) return { job: known, isNew: false };
      const now = Date.now();
      const job = newJob(request, now, now + this.pace.pollMsMin);
      insertJob(this.#storage.sql, job);
      storePayload(this.#storage.sql, job.id, request.input);
      this.clock.arm(now + this.pace.pollMsMin);
      if (job.inputUntil !== null) this.clock.arm(job.inputUntil);
      return { job, isNew: true };
    });
  }

  /** Known jobs stay; an unknown id gets a tombstone, after which it can never start. */
  voidUnstarted(jobIds: string[]): { known: string[]; voided: string[] } {
    return this.#storage.transactionSync(() => {
      const isKnown = (id: string): boolean => {
        const job = this.find(id);
        if (arrival(job, "void_unstarted").makes === "void") insertJob(this.#storage.sql, tombstone(id, Date.now()));
        return job !== null && job.state !== "void";
      };
      const known = jobIds.filter(isKnown);
      return { known, voided: jobIds.filter((id) => !known.includes(id)) };
    });
  }

  /** What was in flight when the last instance ended has an unknown outcome. */
  loseInFlight(): void {
    for (const job of jobsInState(this.#storage.sql, "submitting")) this.apply(job.id, { kind: "send_limit_passed" });
  }

  /** Hides a job from its tenant for good. What it made goes at once if its money is settled, else when it is. */
  remove(jobId: string): boolean {
    return this.#storage.transactionSync(() => {
      const job = this.find(jobId);
      if (!job || job.state === "void" || job.deletedAt !== null) return false;
      this.#write(job, { deletedAt: Date.now() });
      return true;
    });
  }

  /** Drops the inputs whose time is over. Those of jobs that are not sent yet go when these are. */
  dropInputs(): void {
    this.#storage.transactionSync(() => {
      for (const job of endedInputs(this.#storage.sql, Date.now(), INPUTS_MAX)) this.#write(job, { inputUntil: null });
    });
  }

  lookSoon(jobId: string): void {
    const job = this.find(jobId);
    const now = Date.now();
    // A POST on its way is not hurried: its own answer or its limit comes first.
    if (!job || job.nextAt === null || job.nextAt <= now || job.state === "queued" || job.state === "submitting")
      return;
    this.#write(job, { nextAt: now });
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

  unacknowledged(): Job[] {
    return unacknowledgedJobs(this.#storage.sql, ACKNOWLEDGE_MAX);
  }

  mark(jobId: string, change: Pick<Partial<Job>, "acknowledged" | "claimed">): void {
    updateJob(this.#storage.sql, jobId, change);
  }

  usualMs(model: string): number | null {
    return readUsualMs(this.#storage.sql, model);
  }

  /** Only a running task's polls depend on the usual time. */
  #paceFor(job: Job): Pace {
    return job.state === "running" ? { ...this.pace, usualMs: this.usualMs(job.model) } : this.pace;
  }

  #write(job: Job, change: Partial<Job>): void {
    const whole = isPurgeable({ ...job, ...change }) ? { ...change, ...PURGED } : change;
    const after = { ...job, ...whole };
    if (change.state === "completed" && job.state === "running" && job.runningAt !== null) {
      learnUsualMs(this.#storage.sql, job.model, Date.now() - job.runningAt);
    }
    updateJob(this.#storage.sql, job.id, whole);
    // Its task has ended, or there certainly is none: the account may have its permit back.
    const isDone = after.state !== job.state && (ENDED.has(after.state) || after.state === "queued");
    if (isDone && this.permits.giveBack(job.id)) this.clock.arm(Date.now() + RETURN_MS);
    if (needsPayload(job) && !needsPayload(after)) dropPayload(this.#storage.sql, job.id);
    if (change.nextAt !== undefined && change.nextAt !== null) this.clock.arm(change.nextAt);
  }
}

const needsPayload = ({ state, inputUntil }: Pick<Job, "state" | "inputUntil">): boolean =>
  NEEDS_PAYLOAD.has(state) || inputUntil !== null;

/** Deleted, and nothing is left to be done or decided by what it made. */
const isPurgeable = (job: Job): boolean =>
  job.deletedAt !== null && ENDED.has(job.state) && job.settlement === null && job.loss === null;

/** The row itself stays: its id must never start again. */
const PURGED: Partial<Job> = { result: null, refusal: null, inputUntil: null };

const newJob = ({ tenant, job, inputHash, route, keepInputMs }: StartRequest, now: number, nextAt: number): Job => ({
  ...blank(job.jobId, job.admittedAt),
  queuedAt: now,
  terms: {
    keyId: job.keyId,
    rateVersion: job.rateVersion,
    pricingVersion: job.pricingVersion,
    quote: "quote" in job.basis ? job.basis.quote : null,
  },
  tenant,
  mode: job.mode,
  model: job.model,
  priceMicros: job.priceMicros,
  costMicros: job.costMicros,
  account: route.accounts[0] ?? DEFAULT_ACCOUNT,
  ...route,
  inputHash,
  inputUntil: keepInputMs > 0 ? job.admittedAt + keepInputMs : null,
  nextAt,
});

const tombstone = (id: string, now: number): Job => ({ ...blank(id, now), state: "void", acknowledged: true });

const blank = (id: string, createdAt: number): Job => ({
  id,
  createdAt,
  tenant: "",
  mode: "live",
  model: "",
  priceMicros: 0,
  costMicros: 0,
  state: "queued",
  terms: null,
  upstreamId: null,
  upstreamStatus: null,
  account: DEFAULT_ACCOUNT,
  accounts: [],
  priority: PRIORITIES.normal,
  weight: 1,
  inputHash: "",
  inputUntil: null,
  queuedAt: null,
  sentAt: null,
  unknownAt: null,
  runningAt: null,
  endedAt: null,
  nextAt: null,
  attempts: 0,
  walks: 0,
  walkedAt: null,
  oddSince: null,
  settlement: null,
  settled: null,
  settledAt: null,
  loss: null,
  result: null,
  refusal: null,
  acknowledged: false,
  claimed: false,
  needsOperator: false,
  cancelAsked: false,
  deletedAt: null,
  candidate: null,
  outcome: null,
});
