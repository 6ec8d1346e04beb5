import type { Env } from "../config.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { deskOf } from "../webhooks/desk-of.ts";
import type { TenantInfo } from "./types.ts";

/** Wakes the trackers of these shards, and whoever tells the tenant's webhooks: a new instance arms its own alarm. */
export async function wakeObjects(env: Env, { tenant, handling }: TenantInfo, shards: Iterable<number>): Promise<void> {
  for (const shard of shards) await trackerOf(env, { tenant, shard }).voidUnstarted([]);
  if (handling.webhookEndpoints > 0) await deskOf(env, tenant).wake();
}
