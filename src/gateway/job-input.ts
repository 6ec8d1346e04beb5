import type { Context } from "hono";
import type { GatewayEnv } from "./gateway-env.ts";
import { ownJob } from "./own-job.ts";
import { refuse, succeed } from "./reply.ts";

/**
 * GET /api/v3/predictions/{id}/input: what a job was made of, as it was sent, while its tenant has inputs kept;
 * else null. The hash stays. `dropped_for_room`: it was to be kept for longer.
 */
export async function jobInput(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const job = await ownJob(c, jobId);
  if (!job.ok) return refuse(c, job.error);
  const kept = await job.value.tracker.input(jobId);
  if (!kept) return refuse(c, { code: "job_not_found", message: "Prediction not found" });
  return succeed(c, {
    id: jobId,
    input_sha256: kept.hash,
    kept_until: kept.keptUntil === null ? null : new Date(kept.keptUntil).toISOString(),
    dropped_for_room: kept.dropped,
    input: kept.bytes === null ? null : (JSON.parse(new TextDecoder().decode(kept.bytes)) as unknown),
  });
}
