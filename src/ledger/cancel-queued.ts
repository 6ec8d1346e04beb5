import type { Env } from "../config.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { log } from "../observability/log.ts";
import type { Hold } from "./hold-store.ts";
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
  open: readonly Hold[],
  ledger: Pick<TenantLedgerApi, "settle">,
): Promise<CancelSlice> {
  const groups = [...Map.groupBy(open, (hold) => hold.shard)].sort(([a], [b]) => a - b);
  const slice = groups.slice(0, SHARDS_MAX);
  let failed = 0;
  for (const [shard, group] of slice) {
    try {
      const { voided } = await trackerOf(env, { tenant, shard }).cancelQueued(group.map((hold) => hold.job.jobId));
      for (const jobId of voided) {
        const reason = "cancelled before it was started";
        await ledger.settle({ jobId, action: "release", outcome: "never_sent", reason });
      }
    } catch (error) {
      // One tracker's trouble must not keep the jobs of the others.
      failed += 1;
      log.error("a tracker did not cancel", { tenant, shard, error });
    }
  }
  const last = slice.at(-1)?.[0];
  return { asked: slice.length, failed, nextShard: groups.length > SHARDS_MAX && last !== undefined ? last : null };
}
