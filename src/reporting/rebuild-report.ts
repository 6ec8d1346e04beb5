import { leaveGateway } from "./leave-gateway.ts";
import { replayJournal, type Journal, type ReplayProgress } from "./replay-journal.ts";

/** Job rows dropped per statement: their index makes them the dearest rows to delete. */
const JOBS_PER_DELETE = 5_000;

/**
 * Drops all that D1 REPORT has of a tenant and replays its journal from the first entry, at most
 * `entriesMax` entries. If the answer's watermark is below its head, go on with `replayJournal` (not
 * with this, which would begin again); the catch-up sweep would finish it, too. The gateway may run
 * meanwhile; reads show less than there is until the replay is through.
 */
export async function rebuildReport(
  db: D1Database,
  tenant: string,
  journal: Journal,
  entriesMax: number,
): Promise<ReplayProgress> {
  await dropJobs(db, tenant);
  // Roll-ups and event rows go in one step: either of them alone would make the replay count twice or
  // not at all. The watermark and the jobs that came back since belong to it, as the replay starts there.
  await db.batch([
    leaveGateway(db, tenant),
    ...["jobs", "usage_days", "usage_events", "credit_movements", "credit_months", "watermarks"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE tenant = ?1`).bind(tenant),
    ),
  ]);
  return await replayJournal(db, tenant, journal, entriesMax);
}

async function dropJobs(db: D1Database, tenant: string): Promise<void> {
  for (;;) {
    const { meta } = await db
      .prepare("DELETE FROM jobs WHERE tenant = ?1 AND id IN (SELECT id FROM jobs WHERE tenant = ?1 LIMIT ?2)")
      .bind(tenant, JOBS_PER_DELETE)
      .run();
    if (meta.changes < JOBS_PER_DELETE) return;
  }
}
