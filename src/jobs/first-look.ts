import type { Job } from "./job.ts";
import { pollDelayMs, type Pace } from "./pace.ts";

/**
 * For when a new job's alarm is set. One that is sent now is looked after by its own answer and by its POST's own limit: the
 * alarm is for an instance that died with it, and set for when its task would be polled first, so that it need not be set
 * again. Any other instance finds the job as it begins, whoever wakes it.
 */
export function firstLookAt(job: Pick<Job, "state" | "nextAt">, now: number, pace: Pace): number {
  if (job.state === "submitting") return now + pollDelayMs(0, pace);
  return Math.min(now + pace.pollMsMin, job.nextAt ?? Infinity);
}
