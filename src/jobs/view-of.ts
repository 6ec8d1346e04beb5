import type { QueuePlace } from "../accounts/types.ts";
import type { Job } from "./job.ts";
import type { JobView } from "./types.ts";

export const viewOf = (job: Job, queue: QueuePlace | null): JobView => ({
  id: job.id,
  model: job.model,
  state: job.state,
  upstreamStatus: job.upstreamStatus,
  priceMicros: job.priceMicros,
  createdAt: job.createdAt,
  endedAt: job.endedAt,
  result: job.result,
  refusal: job.refusal,
  queue: job.state === "queued" ? queue : null,
  neverSent: job.outcome === "never_sent",
});
