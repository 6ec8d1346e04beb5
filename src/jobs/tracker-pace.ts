import type { Job } from "./job.ts";
import type { JobRows } from "./job-rows.ts";
import { paceAmong, type Pace } from "./pace.ts";
import { UsualTimes } from "./usual-times.ts";

/** Ends in a row that no webhook told before they are found by polling as if there were none. */
const MISSED_MAX = 2;

/**
 * The pace of a tracker's jobs: how often a task is polled depends on how many there are, on how long it usually runs, and on
 * whether WaveSpeed's webhooks come.
 */
export class TrackerPace {
  readonly #rows: JobRows;
  readonly #pace: Pace;
  readonly #usual: UsualTimes;
  #followed = 0;
  /** Ends since the last webhook that a poll found instead, in this instance. */
  #missed = 0;

  constructor(sql: SqlStorage, rows: JobRows, pace: Pace) {
    this.#rows = rows;
    this.#pace = pace;
    this.#usual = new UsualTimes(sql);
  }

  /** Counts the unfinished jobs, once an alarm. */
  countFollowed(): void {
    this.#followed = this.#rows.countUnfinished();
  }

  usualMs(model: string): number | null {
    return this.#usual.of(model);
  }

  /** Only polls differ: those of a running task, and the first, which the answer to its POST sets. */
  for(job: Job): Pace {
    if (job.state !== "running" && job.state !== "submitting") return this.#pace;
    const hooks = this.#pace.hooks && job.mode === "live" && this.#missed < MISSED_MAX;
    return { ...paceAmong(this.#followed, this.#pace), usualMs: this.usualMs(job.model), hooks };
  }

  /** The job's task has completed: how long it ran says something of the next. */
  learn(job: Job, now: number): void {
    if (job.runningAt !== null) this.#usual.learn(job.model, now - job.runningAt);
  }

  /** A verified webhook came. */
  heard(): void {
    this.#missed = 0;
  }

  /** A poll has found an end. */
  found(job: Job): void {
    if (job.mode === "live" && job.hookSeen === null) this.#missed += 1;
  }
}
