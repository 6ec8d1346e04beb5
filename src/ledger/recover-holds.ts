import type { Env } from "../config.ts";
import { askTrackers } from "./ask-trackers.ts";
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
  await askTrackers(
    env,
    tenant,
    Map.groupBy(due, (hold) => hold.shard),
    ledger,
    {
      ask: async (tracker, jobIds) => {
        const answer = await tracker.voidUnstarted(jobIds);
        await ledger.acknowledge(answer.known);
        return answer;
      },
      reason: "the submit was never started",
    },
  );
}
