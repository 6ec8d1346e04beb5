import type { Context } from "hono";
import { formatMicros } from "../money/index.ts";
import { forTenant } from "../jobs/timeline.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { ownJob } from "./own-job.ts";
import { refuse, succeed } from "./reply.ts";

/**
 * GET /api/v3/predictions/{id}/timeline: what happened to a job and to its money, when, by whom and at which
 * prices. Amounts are decimal strings in USD; null where no money moved.
 */
export async function jobTimeline(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const job = await ownJob(c, jobId);
  if (!job.ok) return refuse(c, job.error);
  const { tracker, view } = job.value;
  const told = await tracker.timeline(jobId);
  if (!told) return refuse(c, { code: "job_not_found", message: "Prediction not found" });
  return succeed(c, {
    id: view.id,
    model: view.model,
    price: formatMicros(view.priceMicros),
    rate_version: told.terms?.rateVersion ?? null,
    pricing_version: told.terms?.pricingVersion ?? null,
    quote: told.terms?.quote ?? null,
    upstream_id: told.upstreamId,
    events: forTenant(told.events).map(({ event, at, actor, amountMicros }) => ({
      event,
      at: new Date(at).toISOString(),
      actor,
      amount: amountMicros === null ? null : formatMicros(amountMicros),
    })),
  });
}
