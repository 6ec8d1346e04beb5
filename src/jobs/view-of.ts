import type { Job } from "./job.ts";
import type { JobView } from "./types.ts";

export const viewOf = (job: Job): JobView => ({
  id: job.id,
  model: job.model,
  state: job.state,
  upstreamStatus: job.upstreamStatus,
  priceMicros: job.priceMicros,
  createdAt: job.createdAt,
  endedAt: job.endedAt,
  result: job.result,
  refusal: job.refusal,
  neverSent: job.outcome === "never_sent",
});
