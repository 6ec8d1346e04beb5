import type { Job } from "../job.ts";
import type { Pace } from "../pace.ts";
import { WALKS_NEEDED } from "./limits.ts";

/** When the POST has certainly ended: a walk before that proves nothing. */
export const sendLimit = (job: Job, pace: Pace): number => (job.sentAt ?? job.createdAt) + pace.submitMsMax;

/** Whether one more complete walk without a candidate proves that nothing was created. */
export const provesNothing = (job: Job, now: number, pace: Pace): boolean =>
  job.walks + 1 >= WALKS_NEEDED && secondWalk(job, now, pace) && now >= sendLimit(job, pace);

/** Whether enough time lies between the last complete walk and now. */
export const secondWalk = (job: Job, now: number, pace: Pace): boolean =>
  job.walkedAt !== null && now - job.walkedAt >= pace.unknownWalkGapMs;
