import { earliest } from "../storage/alarm-clock.ts";
import type { JobRows } from "./job-rows.ts";
import type { Job } from "./job.ts";
import { isReading } from "./jobs-in-hand.ts";
import type { Unwritten } from "./unwritten.ts";

/** A job that wants something at some time. */
type Due = Job & { nextAt: number };

/** Which of a tracker's jobs want something, and when. */
export class DueJobs {
  readonly #rows: JobRows;
  readonly #unwritten: Unwritten;

  constructor(rows: JobRows, unwritten: Unwritten) {
    this.#rows = rows;
    this.#unwritten = unwritten;
  }

  /** What is due but those in hand: first those that need no read of WaveSpeed, then the longest due. */
  at(now: number, limit: number, inHand: ReadonlySet<string>): Job[] {
    const due = this.#open(inHand).filter(({ nextAt }) => nextAt <= now);
    due.sort((a, b) => Number(isReading(a)) - Number(isReading(b)) || a.nextAt - b.nextAt);
    return due.slice(0, limit);
  }

  /** When the next job is due that is not in hand; null: none ever. */
  next(inHand: ReadonlySet<string>): number | null {
    return this.#open(inHand).reduce<number | null>((next, { nextAt }) => earliest(next, nextAt), null);
  }

  #open(inHand: ReadonlySet<string>): Due[] {
    const free = this.#rows.unfinished().filter(({ id }) => !inHand.has(id));
    return free.map((row) => this.#unwritten.over(row)).filter((job): job is Due => job.nextAt !== null);
  }
}
