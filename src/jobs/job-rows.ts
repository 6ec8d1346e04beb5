import type { Job, ShownJob } from "./job.ts";
import { findJob, findShown, insertJob, unfinishedJobs, updateJob } from "./job-store.ts";

/**
 * The jobs of one tracker. Those that are not finished are in memory as well, as their rows are: each step asks for its job again
 * after whatever it waited for, and there are 64 of them and the few that were given up. It holds since nobody else
 * writes the table, and since what a transaction wrote before it threw is read anew.
 */
export class JobRows {
  readonly #storage: Pick<DurableObjectStorage, "sql" | "transactionSync">;
  /** Null: to be read. */
  #unfinished: Map<string, Job> | null = null;

  constructor(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">) {
    this.#storage = storage;
  }

  /** Every change of a job that could throw after it wrote runs in one of these. */
  transaction<T>(work: () => T): T {
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.reread();
      throw error;
    }
  }

  /** What is in memory may not be what is stored: it is read anew. */
  reread(): void {
    this.#unfinished = null;
  }

  find(id: string): Job | null {
    return this.#open().get(id) ?? findJob(this.#storage.sql, id);
  }

  /** What a tenant is shown of a job, which is asked for far more often than anything changes. */
  shown(id: string): ShownJob | null {
    return this.#open().get(id) ?? findShown(this.#storage.sql, id);
  }

  unfinished(): Job[] {
    return [...this.#open().values()];
  }

  countUnfinished(): number {
    return this.#open().size;
  }

  /** `body`: a short one, in the row itself. False: there is a row with that id, which stays as it is. */
  insert(job: Job, body: ArrayBuffer | null = null): boolean {
    const open = this.#open();
    if (!insertJob(this.#storage.sql, job, body)) return false;
    if (job.nextAt !== null) open.set(job.id, job);
    return true;
  }

  /** Writes only what differs. `dropsBody`: the short body in the row goes as well. */
  update(id: string, change: Partial<Job>, dropsBody = false): void {
    const open = this.#open();
    const before = open.get(id);
    // What is unfinished is what is in memory, and not what whoever asks has read before.
    const isOpen = updateJob(this.#storage.sql, { id, isOpen: before !== undefined }, change, dropsBody);
    if (!isOpen) {
      open.delete(id);
      return;
    }
    const after = before ? changed(before, change) : findJob(this.#storage.sql, id);
    if (after) open.set(id, after);
  }

  #open(): Map<string, Job> {
    this.#unfinished ??= new Map(unfinishedJobs(this.#storage.sql).map((job) => [job.id, job]));
    return this.#unfinished;
  }
}

/** As the row is read again: what is undefined was not written. (Text that is no Unicode is: a row cannot hold half a character.) */
function changed(job: Job, change: Partial<Job>): Job {
  const written = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...job, ...Object.fromEntries(written) };
}
