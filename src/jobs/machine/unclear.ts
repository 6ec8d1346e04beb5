import type { Job } from "../job.ts";

/** Whether people may decide it: its outcome was lost, or the machine has asked for them. */
export const isUnclear = (job: Job): boolean =>
  job.settlement === null &&
  job.outcome === null &&
  (job.state === "unknown" || (job.needsOperator && job.state === "cancelled"));

/** Given up without WaveSpeed having said how it ended: a task may still come of it, which nobody here pays. */
export const isGivenUp = (job: Job): boolean =>
  job.settlement === null &&
  !job.lossBooked &&
  (job.state === "expired" || (job.state === "failed" && job.outcome === "never_sent" && job.sentAt !== null));
