import type { Env } from "../config.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import type { JobTrackerApi } from "../jobs/types.ts";
import { log } from "../observability/log.ts";
import type { HoldPlace } from "./hold-store.ts";
import type { TenantLedgerApi } from "./types.ts";

/** What the trackers are asked of their jobs; those they `voided` can never start, and are released for `reason`. */
export interface Question {
  ask: (tracker: JobTrackerApi, jobIds: string[]) => Promise<{ voided: string[] }>;
  reason: string;
}

/**
 * Asks the tracker of each shard about the jobs of its holds, one after the other. Only a tombstone there permits a release
 * here. Answers how many trackers failed to answer: one's trouble must not keep the holds of the others.
 */
export async function askTrackers(
  env: Pick<Env, "JOB_TRACKER">,
  tenant: string,
  groups: Iterable<[number, HoldPlace[]]>,
  ledger: Pick<TenantLedgerApi, "settle">,
  { ask, reason }: Question,
): Promise<number> {
  let failed = 0;
  for (const [shard, group] of groups) {
    try {
      const { voided } = await ask(
        trackerOf(env, { tenant, shard }),
        group.map(({ jobId }) => jobId),
      );
      for (const jobId of voided) {
        await ledger.settle({ jobId, action: "release", outcome: "never_sent", reason });
      }
    } catch (error) {
      failed += 1;
      log.error("a tracker did not answer for its holds", { tenant, shard, error });
    }
  }
  return failed;
}
