import { earliest } from "../storage/alarm-clock.ts";
import { findJob, openJobs } from "./job-store.ts";
import type { Job } from "./job.ts";
import type { Unwritten } from "./unwritten.ts";

interface Due {
  id: string;
  nextAt: number;
  isReading: boolean;
}

/** Which of a tracker's jobs want something, and when. */
export class DueJobs {
  readonly #sql: SqlStorage;
  readonly #unwritten: Unwritten;

  constructor(sql: SqlStorage, unwritten: Unwritten) {
    this.#sql = sql;
    this.#unwritten = unwritten;
  }

  /** What is due but those in hand: first those that need no read of WaveSpeed, then the longest due. */
  at(now: number, limit: number, inHand: ReadonlySet<string>): Job[] {
    const due = this.#open(inHand).filter(({ nextAt }) => nextAt <= now);
    due.sort((a, b) => Number(a.isReading) - Number(b.isReading) || a.nextAt - b.nextAt);
    return due.slice(0, limit).flatMap(({ id }) => {
      const row = findJob(this.#sql, id);
      return row ? [this.#unwritten.over(row)] : [];
    });
  }

  /** When the next job is due that is not in hand; null: none ever. */
  next(inHand: ReadonlySet<string>): number | null {
    return this.#open(inHand).reduce<number | null>((next, { nextAt }) => earliest(next, nextAt), null);
  }

  #open(inHand: ReadonlySet<string>): Due[] {
    return openJobs(this.#sql).flatMap((job) => {
      const nextAt = inHand.has(job.id) ? null : this.#unwritten.nextAt(job);
      return nextAt === null ? [] : [{ ...job, nextAt }];
    });
  }
}
