import type { Env } from "../config.ts";
import { askTrackers } from "./ask-trackers.ts";
import type { HoldPlace } from "./hold-store.ts";
import type { TenantLedgerApi } from "./types.ts";

/**
 * Asks the trackers about holds of which it is not known that their job arrived. A hold is never released because it is
 * old: only a tracker's tombstone permits that.
 */
export async function recoverHolds(
  env: Pick<Env, "JOB_TRACKER">,
  tenant: string,
  due: readonly HoldPlace[],
  ledger: Pick<TenantLedgerApi, "settle">,
  know: (jobIds: readonly string[]) => void,
): Promise<void> {
  await askTrackers(
    env,
    tenant,
    Map.groupBy(due, (hold) => hold.shard),
    ledger,
    {
      ask: async (tracker, jobIds) => {
        const answer = await tracker.voidUnstarted(jobIds);
        know(answer.known);
        return answer;
      },
      reason: "the submit was never started",
    },
  );
}
