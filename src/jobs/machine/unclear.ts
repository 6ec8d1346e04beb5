import type { Job } from "../job.ts";

/** Whether people may decide it: its outcome was lost, or the machine has asked for them. */
export const isUnclear = (job: Job): boolean =>
  job.settlement === null &&
  job.outcome === null &&
  (job.state === "unknown" || (job.needsOperator && job.state === "cancelled"));

/**
 * Given up without WaveSpeed having said how it ended: expired, proved never to have been created, or given back by
 * people. A task may still come of it, which nobody here pays.
 */
export const isGivenUp = (job: Job): boolean => job.settlement === null && isBeingGivenUp(job);

/** The same, also while what it held is still to be given back. */
export const isBeingGivenUp = (job: Job): boolean =>
  !job.lossBooked &&
  (job.state === "expired" ||
    (job.state === "failed" && job.sentAt !== null && (isNeverSent(job) || isGivenBack(job))));

const isNeverSent = ({ outcome }: Job): boolean => outcome === "never_sent";

/** Lost, and never found: all others that were lost have adopted their task. */
const isGivenBack = ({ unknownAt, claimed }: Job): boolean => unknownAt !== null && !claimed;
