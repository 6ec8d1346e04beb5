import type { Limits } from "../../../src/accounts/allowance.ts";
import { PermitDesk, type Grant } from "../../../src/accounts/permit-desk.ts";
import type { JobState } from "../../../src/jobs/job.ts";
import { findJob, insertJob, updateJob } from "../../../src/jobs/job-store.ts";
import { newJob } from "../../../src/jobs/new-job.ts";
import { PermitBook } from "../../../src/jobs/permit-book.ts";
import { TRACKER_STEPS } from "../../../src/jobs/schema.ts";
import type { StartRequest } from "../../../src/jobs/types.ts";

export const LIMITS: Limits = { videosPerMinute: null, concurrentTasks: 2 };
export const JOBS = 4;
const ACCOUNT = "desk";
const UNKNOWN_MS_MAX = 600_000;

/** How a POST ends. */
export type Outcome = "created" | "refused" | "busy" | "too_many" | "lost";

/** Two trackers in the storage of one object: the tables of each get a name of their own. */
function ownTables(storage: DurableObjectStorage, prefix: string): DurableObjectStorage {
  const renamed = (text: string): string =>
    text.replaceAll(/\b(jobs|permits|payloads|usual_times|compared)(_\w+)?\b/g, `${prefix}$&`);
  const exec = (text: string, ...binds: SqlStorageValue[]) => storage.sql.exec(renamed(text), ...binds);
  for (const step of TRACKER_STEPS) exec(step);
  return {
    sql: { exec },
    transactionSync: <T>(work: () => T) => storage.transactionSync(work),
  } as unknown as DurableObjectStorage;
}

interface Tracker {
  name: string;
  /** Its clock goes this much before the account's. */
  skew: number;
  sql: SqlStorage;
  book: PermitBook;
}

/**
 * The account's real desk and two trackers' real books, and between them a post that delivers in any order, late,
 * twice, or never. What trackers do with a job is as in JobBook and JobRunner: a POST only with a permit, and
 * the permit back when the job has ended or is queued again.
 */
export class Orders {
  now = 1_800_000_000_000;
  readonly desk: PermitDesk;
  readonly #sql: SqlStorage;
  readonly #trackers: Tracker[];
  readonly #post: (() => void)[] = [];
  /** The job that each place has now. */
  readonly #jobs: string[] = [];
  #made = 0;

  constructor(storage: DurableObjectStorage, skews: readonly number[]) {
    this.desk = new PermitDesk(storage);
    this.#sql = storage.sql;
    this.#trackers = skews.map((skew, index) => {
      const own = ownTables(storage, `t${index}_`);
      return { name: String(index).repeat(12), skew, sql: own.sql, book: new PermitBook(own) };
    });
    for (let place = 0; place < JOBS; place++) this.#makeJob(place);
  }

  ask(place: number, queue: boolean): void {
    const { id, tracker, job } = this.#at(place);
    if (job.state !== "queued") return;
    const holds = tracker.book.heldBy(ACCOUNT, id);
    const call = {
      account: ACCOUNT,
      tracker: { tenant: tracker.name, shard: 0 },
      weight: 1,
      jobs: [{ jobId: id, priority: 1, queuedAt: job.createdAt, holds }],
      queue,
      spares: 1,
    };
    this.#post.push(() => {
      const { reply, grants } = this.desk.request(call, LIMITS, this.now);
      this.#post.push(() => tracker.book.keep(ACCOUNT, reply.granted, this.#clock(tracker)));
      this.#tell(grants);
    });
  }

  /** Sends the job if it has a permit. */
  send(place: number): void {
    const { id, tracker, job } = this.#at(place);
    if (job.state !== "queued") return;
    tracker.book.take(ACCOUNT, id, this.#clock(tracker));
    if (tracker.book.use(ACCOUNT, id, this.#clock(tracker))) this.#become(place, "submitting");
  }

  answer(place: number, outcome: Outcome): void {
    const { id, tracker, job } = this.#at(place);
    if (job.state !== "submitting") return;
    const permit = tracker.book.usedBy(ACCOUNT, id);
    if (outcome === "created") {
      this.#become(place, "running");
      if (permit !== null) this.#post.push(() => this.desk.sent(ACCOUNT, permit, this.now));
    } else if (outcome === "lost") {
      this.#become(place, "unknown");
    } else {
      this.#become(place, outcome === "refused" ? "failed" : "queued");
      if (outcome !== "too_many") return;
      tracker.book.giveBackUnused(ACCOUNT);
      this.#post.push(() => this.desk.pushedBack(ACCOUNT, permit, null, this.now));
    }
  }

  /** The task of a lost job is found. The job runs when the account has heard of that. */
  find(place: number): void {
    const { id, tracker, job } = this.#at(place);
    const permit = tracker.book.usedBy(ACCOUNT, id);
    if (job.state !== "unknown" || permit === null) return;
    this.#post.push(() => {
      this.desk.found(ACCOUNT, { id: permit, jobId: id, tracker: { tenant: tracker.name, shard: 0 } }, this.now);
      this.#post.push(() => {
        const now = this.#at(place);
        if (now.id === id && now.job.state === "unknown") this.#become(place, "running");
      });
    });
  }

  /** The job ends, or is cancelled while it waits; another comes after it. */
  end(place: number): void {
    const { id, job } = this.#at(place);
    if (job.state === "running") this.#become(place, "completed");
    else if (job.state === "queued") {
      this.#become(place, "cancelled");
      this.#post.push(() => this.#tell(this.desk.leave(ACCOUNT, [id], LIMITS, this.now)));
    }
    if (["completed", "failed", "cancelled"].includes(this.#at(place).job.state)) this.#makeJob(place);
  }

  /** Trackers return what they do not need. */
  giveBack(): void {
    for (const tracker of this.#trackers) {
      const permits = tracker.book.toReturn().get(ACCOUNT) ?? [];
      if (permits.length === 0) continue;
      this.#post.push(() => {
        this.#tell(this.desk.giveBack(ACCOUNT, permits, LIMITS, this.now));
        const ids = permits.map(({ id }) => id);
        this.#post.push(() => tracker.book.drop(ACCOUNT, ids, this.#clock(tracker)));
      });
    }
  }

  /** The account's alarm: trackers are asked for permits whose lease has ended, and who waits is granted what there is. */
  ring(): void {
    const overdue = this.desk.overdue(ACCOUNT, this.now);
    for (const tracker of this.#trackers) {
      const rows = overdue.filter((row) => row.tracker.tenant === tracker.name);
      if (rows.length === 0) continue;
      this.#post.push(() => {
        const ids = rows.map(({ id }) => id);
        const uses = tracker.book.uses(ACCOUNT, ids, this.#clock(tracker));
        this.#post.push(() => this.#tell(this.desk.answered(ACCOUNT, rows, uses, LIMITS, this.now)));
      });
    }
    this.#tell(this.desk.grantNow(ACCOUNT, LIMITS, this.now));
  }

  /** `again`: it comes a second time, later. `lost`: it never comes. */
  deliver(index: number, how: "once" | "again" | "lost"): void {
    const at = index % Math.max(1, this.#post.length);
    const message = this.#post[at];
    if (!message) return;
    if (how !== "again") this.#post.splice(at, 1);
    if (how !== "lost") message();
  }

  /** Nothing is under way any more, every job has ended, and every lease is over. */
  settle(): void {
    for (let place = 0; place < JOBS; place++) {
      this.answer(place, "refused");
      this.find(place);
    }
    while (this.#post.length > 0) this.deliver(0, "once");
    for (let place = 0; place < JOBS; place++) this.end(place);
    for (let round = 0; round < 12; round++) {
      this.giveBack();
      while (this.#post.length > 0) this.deliver(0, "once");
      this.now += 700_000;
      this.ring();
    }
    while (this.#post.length > 0) this.deliver(0, "once");
  }

  permitsOut(): number[] {
    return this.#sql
      .exec("SELECT id FROM permits ORDER BY id")
      .toArray()
      .map((row) => Number(row["id"]));
  }

  /**
   * Permits that stand for a task which runs, or may; those unknown for ten minutes are the account's no more, until
   * their tasks are found. `granted`: only those that never were unknown for so long.
   */
  permitsInUse(granted = false): number[] {
    return this.#jobs.flatMap((id, place) => {
      const { tracker, job } = this.#at(place);
      const isOld = job.unknownAt !== null && this.now - job.unknownAt >= UNKNOWN_MS_MAX;
      const isOut = ["submitting", "running"].includes(job.state) || (job.state === "unknown" && !isOld);
      const permit = tracker.book.usedBy(ACCOUNT, id);
      return isOut && !(granted && isOld) && permit !== null ? [permit] : [];
    });
  }

  #tell(grants: readonly Grant[]): void {
    for (const grant of grants) {
      const tracker = this.#trackers.find(({ name }) => name === grant.tracker.tenant);
      if (tracker) this.#post.push(() => tracker.book.keep(ACCOUNT, [grant.permit], this.#clock(tracker)));
    }
  }

  #become(place: number, state: JobState): void {
    const { id, tracker, job } = this.#at(place);
    const unknownAt = state === "unknown" ? this.now : job.unknownAt;
    updateJob(tracker.sql, { id, isOpen: job.nextAt !== null }, { state, unknownAt });
    if (["completed", "failed", "cancelled", "queued"].includes(state)) tracker.book.giveBack(id);
  }

  #makeJob(place: number): void {
    const tracker = this.#trackerOf(place);
    this.#made += 1;
    const id = `job-${this.#made}`;
    const job = { jobId: id, admittedAt: this.now, mode: "live", model: "m", basis: {} };
    const route = { accounts: [ACCOUNT], priority: 1, weight: 1 };
    const request = {
      tenant: tracker.name,
      job,
      input: new Uint8Array(),
      inputHash: "",
      route,
      keepInputMs: 0,
    } as unknown as StartRequest;
    insertJob(tracker.sql, { ...newJob(request, this.now, this.now), priceMicros: 1, costMicros: 1 });
    this.#jobs[place] = id;
  }

  #trackerOf(place: number): Tracker {
    const tracker = this.#trackers[place % this.#trackers.length];
    if (!tracker) throw new Error("no tracker");
    return tracker;
  }

  #at(place: number) {
    const tracker = this.#trackerOf(place);
    const id = this.#jobs[place] ?? "";
    const job = findJob(tracker.sql, id);
    if (!job) throw new Error(`no job at ${place}`);
    return { id, tracker, job };
  }

  #clock(tracker: Tracker): number {
    return this.now + tracker.skew;
  }
}
