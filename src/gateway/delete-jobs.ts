import type { Context } from "hono";
import { showValue } from "../catalog/index.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { parseJobId, type JobAddress } from "../keys/job-id.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { readJsonObject } from "./read-body.ts";
import { invalid, refuse, succeed } from "./reply.ts";

const IDS_MAX = 100;

/**
 * POST /api/v3/predictions/delete {ids}: hides jobs from the tenant for good, as WaveSpeed has it: ids that are
 * not the tenant's are passed over. A job that runs is followed until its money is settled.
 */
export async function deleteJobs(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw);
  if (!body.ok) return refuse(c, body.error);
  const ids: unknown = body.value["ids"];
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > IDS_MAX || !ids.every((id) => typeof id === "string")) {
    const rule = `must be a list of 1 to ${IDS_MAX} job ids`;
    return refuse(c, invalid([{ field: "ids", rule, value: showValue(ids) }]));
  }
  const { tenant } = c.get("caller");
  const own = [...new Set<string>(ids)].flatMap((id) => {
    const address = parseJobId(id);
    return address?.tenant === tenant ? [{ id, address }] : [];
  });
  let deleted = 0;
  for (const group of Map.groupBy(own, ({ address }) => address.shard).values()) {
    const address: JobAddress | undefined = group[0]?.address;
    if (address) deleted += await trackerOf(c.env, address).remove(group.map(({ id }) => id));
  }
  return succeed(c, { deleted_count: deleted });
}
