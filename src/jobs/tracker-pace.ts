import type { Job } from "./job.ts";
import { countUnfinished } from "./job-store.ts";
import { paceAmong, type Pace } from "./pace.ts";
import { learnUsualMs, readUsualMs } from "./usual-times.ts";

/** The pace of a tracker's jobs: how often a task is polled depends on how many there are, and on how long it usually runs. */
export class TrackerPace {
  readonly #sql: SqlStorage;
  readonly #pace: Pace;
  #followed = 0;

  constructor(sql: SqlStorage, pace: Pace) {
    this.#sql = sql;
    this.#pace = pace;
  }

  /** Counts the unfinished jobs, once an alarm. */
  countFollowed(): void {
    this.#followed = countUnfinished(this.#sql);
  }

  usualMs(model: string): number | null {
    return readUsualMs(this.#sql, model);
  }

  /** Only a running task's polls differ. */
  for(job: Job): Pace {
    if (job.state !== "running") return this.#pace;
    return { ...paceAmong(this.#followed, this.#pace), usualMs: this.usualMs(job.model) };
  }

  /** The job's task has completed: how long it ran says something of the next. */
  learn(job: Job, now: number): void {
    if (job.runningAt !== null) learnUsualMs(this.#sql, job.model, now - job.runningAt);
  }
}
