import type { Mode } from "../ledger/journal-entry.ts";
import type { LateJobs } from "./late-jobs.ts";
import { JOBS_READ_MAX, type Counted, pageWith, spanOf } from "./late-page.ts";
import type { JobStatus } from "./schema.ts";

export interface RecentQuery {
  tenant: string;
  mode: Mode;
  /** Admitted in here, epoch ms, both included. */
  after: number;
  before: number;
  model: string | null;
  /** null: whichever. */
  statuses: readonly JobStatus[] | null;
  limit: number;
  offset: number;
}

/** Just enough of a job to ask its tracker for the rest. */
export interface RecentJob {
  id: string;
  hasEnded: boolean;
}

interface Row {
  id: string;
  at: number;
  endedAt: number | null;
}

/**
 * A page of one tenant's jobs, newest first, and how many there are. Looks at the newest 10,000 of the span; `isCut`:
 * there are older ones. Jobs that D1 knows to be deleted are not among them.
 */
export async function recentJobs(
  db: D1Database,
  late: LateJobs,
  query: RecentQuery,
): Promise<{ jobs: RecentJob[]; total: number; isCut: boolean }> {
  const { tenant, mode, after, before, model, statuses } = query;
  const lateRows = lateOf(late, query);
  const span = spanOf(query, lateRows.length);
  const bound = [tenant, after, before, mode, model, statuses && JSON.stringify(statuses), late.ids];
  const [page, count] = await db.batch<Row & Counted>([
    db
      .prepare(`SELECT id, at, endedAt ${READ} WHERE ${FOUND} ORDER BY at DESC, id DESC LIMIT ?8 OFFSET ?9`)
      .bind(...bound, span.limit, span.offset),
    db.prepare(`SELECT count(*) FILTER (WHERE ${FOUND}) AS total, count(*) AS looked ${READ}`).bind(...bound),
  ]);
  const rows = pageWith<Row>(page?.results ?? [], lateRows, newestFirst, query);
  const jobs = rows.map(({ id, endedAt }) => ({ id, hasEnded: endedAt !== null }));
  const { total = 0, looked = 0 } = count?.results[0] ?? {};
  return { jobs, total: total + lateRows.length, isCut: looked >= JOBS_READ_MAX };
}

const newestFirst = (a: Row, b: Row): number => b.at - a.at || (a.id < b.id ? 1 : -1);

const lateOf = ({ jobs }: LateJobs, { mode, after, before, model, statuses }: RecentQuery): Row[] =>
  jobs
    .filter((job) => job.deletedAt === null && job.mode === mode && (model === null || job.model === model))
    .filter((job) => statuses === null || statuses.includes(job.status))
    .filter(({ admittedAt }) => admittedAt >= after && admittedAt <= before)
    .map(({ id, admittedAt, endedAt }) => ({ id, at: admittedAt, endedAt }));

const READ = `
  FROM (SELECT id, admitted_at AS at, ended_at AS endedAt, mode, model, status, deleted_at FROM jobs
        WHERE tenant = ?1 AND admitted_at BETWEEN max(?2, 1) AND ?3
        ORDER BY admitted_at DESC, id DESC LIMIT ${JOBS_READ_MAX})`;

const FOUND = `
  deleted_at IS NULL AND mode = ?4 AND (?5 IS NULL OR model = ?5)
    AND (?6 IS NULL OR status IN (SELECT value FROM json_each(?6)))
    AND id NOT IN (SELECT value FROM json_each(?7))`;
