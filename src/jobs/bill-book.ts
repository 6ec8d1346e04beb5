import { jobsToReconcile } from "./job-store.ts";
import type { Job } from "./job.ts";
import { reconcileAt, type Place } from "./reconciliation.ts";

/** After a month WaveSpeed's records may be gone. */
const RECONCILE_MS_MAX = 30 * 24 * 3_600_000;

/**
 * Which settled jobs are to be compared with WaveSpeed's bill. A job whose bill agrees is not written: one mark says up to
 * which place all were compared. Nothing may ever be put at or before it.
 */
export class BillBook {
  readonly #sql: SqlStorage;
  readonly #write: (job: Job, change: Partial<Job>) => void;
  /** As it is stored; null: not read yet. */
  #mark: Place | null = null;
  /** The time of the last job of the page that is being compared: the mark will be there, so nothing new may come before. */
  #pageAt = 0;

  constructor(sql: SqlStorage, write: (job: Job, change: Partial<Job>) => void) {
    this.#sql = sql;
    this.#write = write;
  }

  /** All jobs up to this place were compared, but those that have another one by now. */
  mark(): Place {
    this.#mark ??= readMark(this.#sql);
    return this.#mark;
  }

  /** The next page of jobs that are due. */
  page(): Job[] {
    const jobs = jobsToReconcile(this.#sql, this.mark(), Date.now());
    this.#pageAt = jobs.at(-1)?.reconcileAt ?? 0;
    return jobs;
  }

  /** Each job of the page agrees, or was written as another place or a difference: the one write for all of them. */
  passed(page: readonly Job[]): void {
    const last = page.at(-1);
    if (last?.reconcileAt == null) return;
    this.#mark = { at: last.reconcileAt, jobId: last.id };
    this.#sql.exec("UPDATE compared SET at = ?, job_id = ?", this.#mark.at, this.#mark.jobId);
  }

  /** When a job that settles now is compared first. */
  firstAt(jobId: string): number {
    return this.#at(jobId, 0);
  }

  /** False: it is given up. */
  again(job: Job): boolean {
    const tries = job.reconcileTries + 1;
    const isOver = Date.now() - job.createdAt > RECONCILE_MS_MAX;
    this.#write(job, { reconcileTries: tries, reconcileAt: isOver ? null : this.#at(job.id, tries) });
    return !isOver;
  }

  /** It was compared, and people were told. */
  differs(job: Job, billedMicros: number | null): void {
    this.#write(job, { reconcileAt: null, reconciledAt: Date.now(), billedMicros });
  }

  #at(jobId: string, tries: number): number {
    return reconcileAt(Date.now(), tries, jobId, Math.max(this.mark().at, this.#pageAt));
  }
}

function readMark(sql: SqlStorage): Place {
  const row = sql.exec("SELECT at, job_id FROM compared").one();
  return { at: Number(row["at"]), jobId: String(row["job_id"]) };
}
