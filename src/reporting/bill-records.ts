import type { Mode } from "../ledger/journal-entry.ts";
import { JOBS_READ_MAX, jobsNow } from "./jobs-now.ts";
import type { LateJobs } from "./late-jobs.ts";
import type { JobStatus } from "./schema.ts";

export interface BillQuery {
  tenant: string;
  mode: Mode;
  type: "deduct" | "refund" | null;
  /** These jobs only, 100 at most; null: whichever. */
  jobs: readonly string[] | null;
  model: string | null;
  key: string | null;
  /** Records made in here, epoch ms, both included. */
  after: number;
  before: number;
  descending: boolean;
  limit: number;
  offset: number;
}

/** A charge, made when the job was admitted, or a refund, made when its hold was given back. Times are epoch ms. */
export interface BillRecord {
  type: "deduct" | "refund";
  jobId: string;
  model: string;
  keyId: string;
  /** What the tenant pays, in micro-dollars; never what it costs the operator. */
  priceMicros: number;
  at: number;
  /** null: the hold is open. */
  endedAt: number | null;
  status: JobStatus;
}

/**
 * A page of a tenant's bill and how many records there are. Charges less refunds are what its ledger has captured and
 * holds. Looks at 10,000 jobs of either kind, the first in the order that is asked for.
 */
export async function billRecords(
  db: D1Database,
  late: LateJobs,
  query: BillQuery,
): Promise<{ records: BillRecord[]; total: number }> {
  const { tenant, mode, type, jobs, model, key, after, before, descending, limit, offset } = query;
  const found = foundBy(jobs !== null, descending ? "DESC" : "ASC");
  const bound = [tenant, late, after, before, mode, type, model, key, jobs && JSON.stringify(jobs)];
  const [page, count] = await db.batch<Row & { total: number }>([
    db
      .prepare(`${found} SELECT * FROM found ${orderBy(descending)} LIMIT ?10 OFFSET ?11`)
      .bind(...bound, limit, offset),
    db.prepare(`${found} SELECT count(*) AS total FROM found`).bind(...bound),
  ]);
  return { records: (page?.results ?? []).map(toRecord), total: count?.results[0]?.total ?? 0 };
}

interface Row {
  type: BillRecord["type"];
  id: string;
  model: string;
  key_id: string;
  micros: number;
  at: number;
  ended_at: number | null;
  status: JobStatus;
}

const orderBy = (descending: boolean): string =>
  descending ? "ORDER BY at DESC, id DESC, type DESC" : "ORDER BY at, id, type";

/** By job id where ids are given: each is one row of the key. Else by the two indexes on time. */
const foundBy = (byId: boolean, direction: "ASC" | "DESC"): string => `${jobsNow(byId ? BY_ID : byTime(direction))},
  records AS (
    SELECT 'deduct' AS type, admitted_at AS at, coalesce(price_micros, held_micros) AS micros, * FROM jobs_now
    UNION ALL SELECT 'refund', refunded_at, held_micros, * FROM jobs_now WHERE refunded_at IS NOT NULL),
  found AS (
    SELECT type, id, model, key_id, micros, at, ended_at, status FROM records
    WHERE micros IS NOT NULL AND at BETWEEN ?3 AND ?4 AND mode = ?5 AND (?6 IS NULL OR type = ?6)
      AND (?7 IS NULL OR model = ?7) AND (?8 IS NULL OR key_id = ?8)
      AND (?9 IS NULL OR id IN (SELECT value FROM json_each(?9))))`;

const BY_ID = `SELECT * FROM jobs WHERE tenant = ?1 AND id IN (SELECT value FROM json_each(?9))`;

const byTime = (direction: "ASC" | "DESC"): string => `
    SELECT * FROM (SELECT * FROM jobs WHERE tenant = ?1 AND admitted_at BETWEEN max(?3, 1) AND ?4
      ORDER BY admitted_at ${direction}, id ${direction} LIMIT ${JOBS_READ_MAX})
    UNION SELECT * FROM (SELECT * FROM jobs WHERE tenant = ?1 AND refunded_at BETWEEN ?3 AND ?4
      ORDER BY refunded_at ${direction}, id ${direction} LIMIT ${JOBS_READ_MAX})`;

const toRecord = (row: Row): BillRecord => ({
  type: row.type,
  jobId: row.id,
  model: row.model,
  keyId: row.key_id,
  priceMicros: row.micros,
  at: row.at,
  endedAt: row.ended_at,
  status: row.status,
});
