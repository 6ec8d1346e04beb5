import type { Job } from "./job.ts";

/** What WaveSpeed's bill says of one task: what it took less what it gave back, in micro-dollars; null: no record. */
export type BilledMicros = number | null;

/** How the bill and our books compare for a job that was settled. */
export type Verdict = { kind: "agrees" } | { kind: "again" } | { kind: "differs"; message: string };

/** WaveSpeed gives money back within three hours of a task's end: before this a bill says little. */
export const RECONCILE_MS = 4 * 3_600_000;

/** Looks at the bill before people are told; each waits twice as long as the one before. */
const TRIES_MAX = 4;

/** A place in the order in which a tracker's jobs are compared: by time (epoch ms), and by id where many have one time. */
export interface Place {
  at: number;
  jobId: string;
}

/**
 * When a settled job's bill is looked at, after so many looks. Epoch ms; all jobs of a tracker that settle within an hour
 * have the same time: one alarm and one read serve them. Each tracker has its own minute of the hour, for WaveSpeed's sake.
 * Always later than `after`, up to where jobs were compared: a clock that was set back must not put one where nobody looks.
 */
export function reconcileAt(now: number, tries: number, jobId: string, after: number): number {
  const at = now + RECONCILE_MS * 2 ** tries;
  return Math.max(Math.ceil(at / STEP_MS) * STEP_MS + minuteOf(jobId) * 60_000, after + STEP_MS);
}

/** When a job was compared for good; null: not yet, or never. Without a write of its own it was as its time had come. */
export function comparedAt(
  { id, reconcileAt: at, reconciledAt }: Pick<Job, "id" | "reconcileAt" | "reconciledAt">,
  mark: Place,
): number | null {
  const isPassed = at !== null && (at < mark.at || (at === mark.at && id <= mark.jobId));
  return isPassed ? at : reconciledAt;
}

const STEP_MS = 60 * 60_000;

/** Of the job's tracker, 0 to 59: a job id begins with tenant and shard, 16 digits. The last 13 of them are an exact number. */
const minuteOf = (jobId: string): number => Number.parseInt(jobId.slice(3, 16), 16) % 60;

/**
 * A charged job must be on the bill with its cost, and so must one whose task was booked as a loss after the hold had
 * been given back; any other that was given back must cost nothing there.
 */
export function compareBill(
  job: Pick<Job, "state" | "settled" | "lossBooked" | "costMicros" | "reconcileTries">,
  billed: BilledMicros,
): Verdict {
  const expected = job.settled === "capture" || job.state === "completed" || job.lossBooked ? job.costMicros : 0;
  if ((billed ?? 0) === expected) return { kind: "agrees" };
  if (job.reconcileTries + 1 < TRIES_MAX) return { kind: "again" };
  const said = billed === null ? "has no record of it" : `says ${billed} micro-dollars`;
  return { kind: "differs", message: `WaveSpeed's bill ${said}; by our books it is ${expected}` };
}
