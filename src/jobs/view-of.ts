import type { QueuePlace } from "../accounts/types.ts";
import type { ShownJob } from "./job.ts";
import { progressOf } from "./pace.ts";
import type { JobView } from "./types.ts";

/** What the row does not say: its place in the queue, and how long its model's tasks usually run. */
interface Beside {
  queue: QueuePlace | null;
  usualMs: number | null;
  now: number;
}

export const viewOf = (job: ShownJob, { queue, usualMs, now }: Beside): JobView => ({
  id: job.id,
  mode: job.mode,
  model: job.model,
  state: job.state,
  upstreamStatus: job.upstreamStatus,
  priceMicros: job.priceMicros,
  createdAt: job.createdAt,
  endedAt: job.endedAt,
  result: job.result,
  refusal: job.refusal,
  queue: job.state === "queued" ? queue : null,
  progress: job.state === "running" ? progressOf(now - (job.runningAt ?? now), usualMs) : null,
  base64Output: job.base64Output,
  neverSent: job.outcome === "never_sent",
});
