import type { JobState } from "../../../../src/jobs/job.ts";
import * as w from "../world.ts";
import { DAY, expiredJob, queuedJob, stoppedAt, submitted, submittingJob } from "./scenario.ts";
import type { Submitted } from "./scenario.ts";

const finished = async (faults: string): Promise<Submitted> => {
  const job = await submitted(faults);
  await w.finish(job.id);
  return job;
};

/** A really created job in each state: nobody's to change by an event that the state ignores. */
export const JOB_IN: Record<JobState, () => Promise<Submitted>> = {
  queued: () => queuedJob("delay=1h"),
  submitting: submittingJob,
  unknown: () => submitted("http=500"),
  running: () => submitted("delay=1h"),
  completed: () => finished("delay=0s"),
  failed: () => finished("delay=0s, fail"),
  cancelled: () => finished("delay=0s, end=cancelled"),
  expired: () => expiredJob("delay=1h"),
  void: async () => {
    const job = await stoppedAt("after_reserve", () => submitted(""));
    await w.tracker(job.id).voidUnstarted([job.id]);
    return job;
  },
};

/** Where a row needs another job than its state's. */
export const JOB_FOR: Record<string, () => Promise<Submitted>> = {
  "expired/polled_late/not-given-up": unsettled,
  "expired/billed_late/not-given-up": unsettled,
};

/** Expired, and the ledger has not heard of it. */
function unsettled(): Promise<Submitted> {
  return stoppedAt("after_end_recorded", async () => {
    const job = await submitted("delay=1h");
    await w.age(job.id, "created_at", 9 * DAY);
    await w.ring(job.id);
    return job;
  });
}
