import { readLateJobs, storedJobs, type JobNow } from "./late-jobs.ts";
import type { Journal } from "./replay-journal.ts";

/**
 * One of a tenant's jobs, as D1 and the journal have it together; null: there is none. The journal is asked unless D1
 * knows how the job ended; if D1 is too far behind for that, its word is what there is.
 */
export async function findJob(
  db: D1Database,
  tenant: string,
  id: string,
  journal: Pick<Journal, "entries">,
): Promise<JobNow | null> {
  const stored = (await storedJobs(db, tenant, JSON.stringify([id]))).get(id);
  const known = stored && stored.admittedAt > 0 ? stored : null;
  if (known && known.endedAt !== null) return known;
  const late = await readLateJobs(db, tenant, journal);
  return (late.ok ? late.value.jobs.find((job) => job.id === id) : undefined) ?? known;
}
