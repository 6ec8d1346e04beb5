import { ENDED } from "../jobs/job.ts";
import type { JobTrackerApi, JobView } from "../jobs/types.ts";

const READ_MS_MIN = 250;
const READ_MS_MAX = 2_000;

/** Waits for a job's end with short reads of its tracker: a long call would keep the object awake. */
export async function waitForEnd(
  tracker: Pick<JobTrackerApi, "view">,
  first: JobView,
  waitMsMax: number,
): Promise<{ ended: boolean; view: JobView }> {
  const until = Date.now() + waitMsMax;
  let view = first;
  let pause = READ_MS_MIN;
  while (!ENDED.has(view.state) && Date.now() < until) {
    await scheduler.wait(Math.min(pause, Math.max(1, until - Date.now())));
    view = (await tracker.view(view.id)) ?? view;
    pause = Math.min(pause * 1.5, READ_MS_MAX);
  }
  return { ended: ENDED.has(view.state), view };
}
