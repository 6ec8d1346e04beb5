import type { Job } from "./job.ts";

/** Jobs that are worked on at once: those that wait for one of the two reads, and all others. */
const READING_MAX = 48;
const OTHERS_MAX = 48;

/** Whether its next step is a read of WaveSpeed, which may hang; all other steps are our own objects'. */
export const isReading = (job: Job): boolean =>
  job.settlement === null && job.loss === null && job.state !== "queued" && job.state !== "submitting";

/**
 * The jobs whose step has begun and not ended, in this instance. One that waits for WaveSpeed outlives the alarm that
 * began it, and is not begun again by the next.
 */
export class JobsInHand {
  readonly #reading = new Set<string>();
  readonly #others = new Set<string>();

  ids(): ReadonlySet<string> {
    return new Set([...this.#reading, ...this.#others]);
  }

  isFull(): boolean {
    return this.#reading.size >= READING_MAX || this.#others.size >= OTHERS_MAX;
  }

  /** Takes those of these jobs that there is a hand for. */
  take(jobs: readonly Job[]): Job[] {
    return jobs.filter((job) => {
      if (this.#reading.has(job.id) || this.#others.has(job.id)) return false;
      const [hand, most] = isReading(job) ? [this.#reading, READING_MAX] : [this.#others, OTHERS_MAX];
      if (hand.size >= most) return false;
      hand.add(job.id);
      return true;
    });
  }

  release(jobId: string): void {
    this.#reading.delete(jobId);
    this.#others.delete(jobId);
  }
}
