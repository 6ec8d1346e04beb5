import type { Mode } from "../ledger/journal-entry.ts";
import { JOBS_READ_MAX, jobsNow } from "./jobs-now.ts";
import type { LateJobs } from "./late-jobs.ts";
import type { JobStatus } from "./schema.ts";

export interface RecentQuery {
  tenant: string;
  mode: Mode;
  /** Admitted in here, epoch ms, both included. */
  after: number;
  before: number;
  model: string | null;
  /** null: any. */
  statuses: readonly JobStatus[] | null;
  limit: number;
  offset: number;
}

/** Just enough of a job to ask its tracker for the rest. */
export interface RecentJob {
  id: string;
  hasEnded: boolean;
}

/**
 * A page of one tenant's jobs, newest first, and how many there are. Looks at the newest 10,000 of the span. Jobs that
 * D1 knows to be deleted are not among them.
 */
export async function recentJobs(
  db: D1Database,
  late: LateJobs,
  query: RecentQuery,
): Promise<{ jobs: RecentJob[]; total: number }> {
  const { tenant, mode, after, before, model, statuses, limit, offset } = query;
  const bound = [tenant, late, after, before, mode, model, statuses && JSON.stringify(statuses)];
  const [page, count] = await db.batch<{ id: string; ended: number; total: number }>([
    db.prepare(`${FOUND} SELECT id, ended_at IS NOT NULL AS ended ${PAGE}`).bind(...bound, limit, offset),
    db.prepare(`${FOUND} SELECT count(*) AS total FROM found`).bind(...bound),
  ]);
  const jobs = (page?.results ?? []).map(({ id, ended }) => ({ id, hasEnded: ended === 1 }));
  return { jobs, total: count?.results[0]?.total ?? 0 };
}

const STORED = `SELECT * FROM jobs WHERE tenant = ?1 AND admitted_at BETWEEN max(?3, 1) AND ?4
    ORDER BY admitted_at DESC, id DESC LIMIT ${JOBS_READ_MAX}`;

const FOUND = `${jobsNow(STORED)},
  found AS (
    SELECT * FROM jobs_now WHERE deleted_at IS NULL AND admitted_at BETWEEN ?3 AND ?4 AND mode = ?5
      AND (?6 IS NULL OR model = ?6) AND (?7 IS NULL OR status IN (SELECT value FROM json_each(?7))))`;

const PAGE = "FROM found ORDER BY admitted_at DESC, id DESC LIMIT ?8 OFFSET ?9";
