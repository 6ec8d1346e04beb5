import { atMost, OVER } from "../timing/at-most.ts";
import type { JobTrackerApi, StartRequest } from "../jobs/types.ts";

/** For the way there and back, beyond what a tracker is told to wait. */
const GRACE_MS = 150;

/**
 * `start`, not waited for much longer than it waits itself. workerd fires an object's timers one after the other, a
 * round of its loop for each, so those of a tracker with many jobs came two seconds late under load (seen 2026-11-30);
 * the Worker has timers for each request. By then the job is stored and can be shown; the start itself goes on.
 */
export async function startInTime(
  tracker: Pick<JobTrackerApi, "start" | "view">,
  request: StartRequest,
  goOn: (started: Promise<unknown>) => void,
): ReturnType<JobTrackerApi["start"]> {
  const started = tracker.start(request);
  const first = await atMost(started, request.waitMs + GRACE_MS);
  if (first !== OVER) return first;
  goOn(started.catch(() => undefined));
  // Not stored yet, or there is nothing to see: then only `start` can tell.
  return (await tracker.view(request.job.jobId).catch(() => null)) ?? started;
}
