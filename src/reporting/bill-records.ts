import type { Mode } from "../ledger/journal-entry.ts";
import type { JobNow, LateJobs } from "./late-jobs.ts";
import { JOBS_READ_MAX, type Counted, pageWith, spanOf } from "./late-page.ts";
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
 * holds. Looks at 10,000 jobs of either kind, the first in the order that is asked for; `isCut`: there are more.
 */
export async function billRecords(
  db: D1Database,
  late: LateJobs,
  query: BillQuery,
): Promise<{ records: BillRecord[]; total: number; isCut: boolean }> {
  const { tenant, mode, type, jobs, model, key, after, before, descending } = query;
  const lateRecords = late.jobs
    .filter((job) => job.mode === mode)
    .flatMap(recordsOf)
    .filter((record) => isAsked(record, query));
  const span = spanOf(query, lateRecords.length);
  const read = readBy(jobs !== null, descending ? "DESC" : "ASC");
  const bound = [tenant, after, before, mode, type, model, key, jobs && JSON.stringify(jobs), late.ids];
  const order = descending ? "at DESC, jobId DESC, type DESC" : "at, jobId, type";
  const [page, count] = await db.batch<BillRecord & Counted>([
    db
      .prepare(`SELECT * ${read} WHERE ${FOUND} ORDER BY ${order} LIMIT ?10 OFFSET ?11`)
      .bind(...bound, span.limit, span.offset),
    db.prepare(`SELECT count(*) FILTER (WHERE ${FOUND}) AS total, ${LOOKED} AS looked ${read}`).bind(...bound),
  ]);
  const compare = descending ? (a: BillRecord, b: BillRecord) => inOrder(b, a) : inOrder;
  const records = pageWith(page?.results ?? [], lateRecords, compare, query);
  const { total = 0, looked = 0 } = count?.results[0] ?? {};
  return { records, total: total + lateRecords.length, isCut: jobs === null && looked >= JOBS_READ_MAX };
}

function inOrder(a: BillRecord, b: BillRecord): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.jobId !== b.jobId) return a.jobId < b.jobId ? -1 : 1;
  return a.type < b.type ? -1 : 1;
}

/** The charge of a job, and its refund if there was one. A job from before prices were kept here has none. */
function recordsOf(job: JobNow): BillRecord[] {
  const { id: jobId, model, keyId, endedAt, status, heldMicros, refundedAt } = job;
  const record = { jobId, model, keyId, endedAt, status };
  const charged = job.priceMicros ?? heldMicros;
  return [
    ...(charged === null ? [] : [{ ...record, type: "deduct" as const, priceMicros: charged, at: job.admittedAt }]),
    ...(refundedAt === null || heldMicros === null
      ? []
      : [{ ...record, type: "refund" as const, priceMicros: heldMicros, at: refundedAt }]),
  ];
}

/** As `FOUND` has it in SQL. */
function isAsked(record: BillRecord, { type, jobs, model, key, after, before }: BillQuery): boolean {
  return (
    (type === null || record.type === type) &&
    (jobs === null || jobs.includes(record.jobId)) &&
    (model === null || record.model === model) &&
    (key === null || record.keyId === key) &&
    record.at >= after &&
    record.at <= before
  );
}

/** By job id where ids are given, each a row of the key; else by the two indexes on time. */
const readBy = (byId: boolean, direction: "ASC" | "DESC"): string => `
  FROM (${byId ? CHARGES_BY_ID : byTime("admitted_at", "max(?2, 1)", CHARGE, direction)}
        UNION ALL ${byId ? REFUNDS_BY_ID : byTime("refunded_at", "?2", REFUND, direction)})`;

const LOOKED = "max(count(*) FILTER (WHERE type = 'deduct'), count(*) FILTER (WHERE type = 'refund'))";

const FOUND = `
  priceMicros IS NOT NULL AND mode = ?4 AND (?5 IS NULL OR type = ?5) AND (?6 IS NULL OR model = ?6)
    AND (?7 IS NULL OR keyId = ?7) AND at BETWEEN ?2 AND ?3
    AND jobId NOT IN (SELECT value FROM json_each(?9))`;

const COLUMNS = "id AS jobId, mode, model, key_id AS keyId, ended_at AS endedAt, status";
const CHARGE = `'deduct' AS type, admitted_at AS at, coalesce(price_micros, held_micros) AS priceMicros, ${COLUMNS}`;
const REFUND = `'refund' AS type, refunded_at AS at, held_micros AS priceMicros, ${COLUMNS}`;

const BY_ID = `FROM jobs WHERE tenant = ?1 AND id IN (SELECT value FROM json_each(?8)) AND admitted_at > 0`;
const CHARGES_BY_ID = `SELECT ${CHARGE} ${BY_ID}`;
const REFUNDS_BY_ID = `SELECT ${REFUND} ${BY_ID} AND refunded_at IS NOT NULL`;

const byTime = (column: string, from: string, columns: string, direction: "ASC" | "DESC"): string => `
  SELECT * FROM (SELECT ${columns} FROM jobs WHERE tenant = ?1 AND ${column} BETWEEN ${from} AND ?3
    ORDER BY ${column} ${direction}, id ${direction} LIMIT ${JOBS_READ_MAX})`;
