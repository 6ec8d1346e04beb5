import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { ownJob } from "./own-job.ts";
import { predictionView } from "../jobs/prediction-view.ts";
import { refuse, succeed } from "./reply.ts";

/**
 * POST /api/v3/predictions/{id}/cancel: a job that was not sent yet is cancelled and its hold given back. One
 * whose submit is on its way is cancelled if WaveSpeed does not take it. WaveSpeed itself cannot cancel, so
 * what it has goes on: 409.
 */
export async function cancelJob(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const job = await ownJob(c, jobId);
  if (!job.ok) return refuse(c, job.error);
  const { tracker } = job.value;
  const answer = await tracker.cancel(jobId);
  if (answer === "too_late" || answer === "ended") return refuse(c, REFUSALS[answer]);
  const view = (await tracker.view(jobId)) ?? job.value.view;
  return succeed(c, predictionView(view, c.req.url));
}

const REFUSALS: Record<"too_late" | "ended", Refusal> = {
  too_late: { code: "conflict", message: "the upstream has this job, or may have it, and cannot cancel: it goes on" },
  ended: { code: "conflict", message: "this job has ended" },
};
