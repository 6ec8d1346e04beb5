import type { Env } from "../config.ts";
import { askTrackers } from "./ask-trackers.ts";
import type { HoldPlace } from "./hold-store.ts";
import type { CancelSlice, TenantLedgerApi } from "./types.ts";

/** Trackers that one call asks: an invocation may make so many calls of its own, and no more. */
const SHARDS_MAX = 200;

/**
 * Asks the trackers of these holds, by shard, to cancel what they have not sent. A hold whose job its tracker
 * does not know gets a tombstone there and is released here: its start, should it still come, is refused.
 */
export async function cancelQueued(
  env: Pick<Env, "JOB_TRACKER">,
  tenant: string,
  open: readonly HoldPlace[],
  ledger: Pick<TenantLedgerApi, "settle">,
): Promise<CancelSlice> {
  const groups = [...Map.groupBy(open, (hold) => hold.shard)].sort(([a], [b]) => a - b);
  const slice = groups.slice(0, SHARDS_MAX);
  const failed = await askTrackers(env, tenant, slice, ledger, {
    ask: (tracker, jobIds) => tracker.cancelQueued(jobIds),
    reason: "cancelled before it was started",
  });
  const last = slice.at(-1)?.[0];
  return { asked: slice.length, failed, nextShard: groups.length > SHARDS_MAX && last !== undefined ? last : null };
}
