import type { Context } from "hono";
import { parseJobId } from "../keys/job-id.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { formatMicros } from "../money/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { predictionView } from "./prediction-view.ts";
import { refuse, succeed } from "./reply.ts";

/**
 * GET /api/v3/predictions/{id}[/result]: from the tracker, never from WaveSpeed, so any number of
 * readers costs nothing upstream. Another tenant's job answers exactly like one that does not exist.
 */
export async function readResult(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const address = parseJobId(jobId);
  const { tenant } = c.get("caller");
  const view = address?.tenant === tenant ? await trackerOf(c.env, address).view(jobId) : null;
  if (!view) return refuse(c, { code: "job_not_found", message: "Prediction not found" });
  c.header("x-wavegate-job-cost", formatMicros(view.priceMicros));
  return succeed(c, predictionView(view, c.req.url));
}
