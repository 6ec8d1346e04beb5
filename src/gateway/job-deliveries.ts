import type { Context } from "hono";
import { deskOf } from "../webhooks/desk-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { ownJob } from "./own-job.ts";
import { refuse, succeed } from "./reply.ts";

/** A job has few: one to its own URL and one to each standing endpoint, for each of two events at most. */
const DELIVERIES_MAX = 50;

/**
 * GET /api/v3/predictions/{id}/deliveries: what became of the webhooks of a job. A standing endpoint is named by its
 * id alone: its URL is between tenant and operator.
 */
export async function jobDeliveries(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const job = await ownJob(c, jobId);
  if (!job.ok) return refuse(c, job.error);
  const desk = deskOf(c.env, c.get("caller").tenant);
  const deliveries = await desk.deliveries({ jobId, before: null, limit: DELIVERIES_MAX });
  const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  return succeed(c, {
    items: deliveries.map((delivery) => ({
      id: delivery.id,
      webhook_id: delivery.eventId,
      event: delivery.event,
      endpoint: delivery.endpointId,
      state: delivery.state,
      reason: delivery.end,
      attempts: delivery.attempts,
      next_attempt_at: instant(delivery.nextAt),
      created_at: instant(delivery.createdAt),
      ended_at: instant(delivery.endedAt),
    })),
  });
}
