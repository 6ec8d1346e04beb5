import { ENDED } from "../jobs/job.ts";
import { log } from "../observability/log.ts";
import type { JobTrackerApi, JobView } from "../jobs/types.ts";

const READ_MS_MIN = 250;
const READ_MS_MAX = 2_000;

/**
 * Waits until a job's view is as wanted, with short reads of its tracker: a long call would keep the object
 * awake, and billed. Answers the last view that was read; after `waitMsMax` whatever it is. A read that breaks, as in
 * a deploy, says nothing: whoever has just submitted must not be told to do it again.
 */
export async function watchJob(
  tracker: Pick<JobTrackerApi, "view">,
  first: JobView,
  wanted: (view: JobView) => boolean,
  waitMsMax: number,
): Promise<JobView> {
  if (waitMsMax <= 0) return first;
  const until = Date.now() + waitMsMax;
  let view = first;
  let pause = READ_MS_MIN;
  while (!wanted(view) && Date.now() < until) {
    await scheduler.wait(Math.min(pause, Math.max(1, until - Date.now())));
    view = (await readView(tracker, view.id)) ?? view;
    pause = Math.min(pause * 1.5, READ_MS_MAX);
  }
  return view;
}

async function readView(tracker: Pick<JobTrackerApi, "view">, jobId: string): Promise<JobView | null> {
  try {
    return await tracker.view(jobId);
  } catch (error) {
    log.warn("a job that is waited for was not read", { jobId, error });
    return null;
  }
}

export const hasEnded = (view: JobView): boolean => ENDED.has(view.state);
