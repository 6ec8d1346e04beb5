import type { Env } from "../config.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { log } from "../observability/log.ts";
import type { Hold } from "./hold-store.ts";
import type { TenantLedgerApi } from "./types.ts";

/**
 * Asks the trackers about holds that none of them acknowledged. A hold is never released because it is
 * old: only a tracker's tombstone permits that.
 */
export async function recoverHolds(
  env: Pick<Env, "JOB_TRACKER">,
  tenant: string,
  due: readonly Hold[],
  ledger: Pick<TenantLedgerApi, "acknowledge" | "settle">,
): Promise<void> {
  for (const [shard, group] of Map.groupBy(due, (hold) => hold.shard)) {
    try {
      const answer = await trackerOf(env, { tenant, shard }).voidUnstarted(group.map((hold) => hold.job.jobId));
      await ledger.acknowledge(answer.known);
      for (const jobId of answer.voided) {
        const reason = "the submit was never started";
        await ledger.settle({ jobId, action: "release", outcome: "never_sent", reason });
      }
    } catch (error) {
      // One tracker's trouble must not keep the holds of the others.
      log.error("a tracker did not answer for its holds", { tenant, shard, error });
    }
  }
}
