import type { Context } from "hono";
import { showValue } from "../catalog/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { noteDeleted } from "./note-deleted.ts";
import { ownJobs } from "./own-jobs.ts";
import { readJsonObject } from "./read-body.ts";
import { invalid, refuse, succeed } from "./reply.ts";

const IDS_MAX = 100;

/**
 * POST /api/v3/predictions/delete {ids}: hides jobs from the tenant for good, as WaveSpeed has it: ids that are
 * not the tenant's, or not of the key's mode, are passed over. A job that runs is followed until its money is settled.
 */
export async function deleteJobs(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw);
  if (!body.ok) return refuse(c, body.error);
  const ids: unknown = body.value["ids"];
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > IDS_MAX || !ids.every((id) => typeof id === "string")) {
    const rule = `must be a list of 1 to ${IDS_MAX} job ids`;
    return refuse(c, invalid([{ field: "ids", rule, value: showValue(ids) }]));
  }
  return succeed(c, { deleted_count: await remove(c, ids) });
}

/** DELETE /api/v3/predictions/{id}: the older edition, of one job. */
export async function deleteJob(c: Context<GatewayEnv>, id: string): Promise<Response> {
  if ((await remove(c, [id])) === 1) return succeed(c, { id, status: "deleted" });
  return refuse(c, { code: "job_not_found", message: "Prediction not found" });
}

async function remove(c: Context<GatewayEnv>, ids: readonly string[]): Promise<number> {
  let deleted = 0;
  for (const { tracker, ids: shard } of ownJobs(c, ids)) {
    const removed = await tracker.remove(shard, c.get("caller").mode);
    // Which of a shard's were there is not said: lists find out by themselves.
    if (removed === shard.length) noteDeleted(c, shard);
    deleted += removed;
  }
  return deleted;
}
