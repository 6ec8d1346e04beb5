import { and, desc, eq, gt, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { decodeJobsCursor, encodeJobsCursor, type JobsCursor } from "./jobs-cursor.ts";
import { refuseField } from "./refuse-field.ts";
import { jobs, type JobStatus } from "./schema.ts";

export const JOBS_PER_PAGE_MAX = 100;

/** Jobs that one page may look through for those that its filters ask for. */
export const JOBS_EXAMINED_MAX = 5_000;

export interface JobsQuery {
  tenant: string;
  /** 1..100. */
  limit: number;
  /** `nextCursor` of the page before; null or absent: the newest jobs. */
  cursor?: string | null;
  mode?: Mode;
  model?: string;
  status?: JobStatus;
  /** null: jobs of no team. */
  team?: string | null;
  key?: string;
}

/** A job as D1 knows it. Times are epoch ms, amounts micro-dollars; price and end are null until they are. */
export interface ListedJob {
  id: string;
  mode: Mode;
  model: string;
  key: string;
  team: string | null;
  status: JobStatus;
  seconds: number;
  costMicros: number;
  priceMicros: number | null;
  rateVersion: number;
  tags: Record<string, string>;
  admittedAt: number;
  endedAt: number | null;
  outcome: string | null;
  reason: string | null;
}

export interface JobsPage {
  jobs: ListedJob[];
  /** null: there are no more. */
  nextCursor: string | null;
}

/**
 * One tenant's jobs, newest first, by keyset: a job that is admitted meanwhile moves nothing. With
 * filters, a page looks through at most 5,000 jobs and may be short, even empty, with a cursor to go
 * on from; only a null cursor means the end. Refuses a bad limit or cursor with `invalid_request`.
 */
export async function listJobs(db: D1Database, query: JobsQuery): Promise<Result<JobsPage, Refusal>> {
  const { tenant, limit } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > JOBS_PER_PAGE_MAX) {
    return refuseField("limit", `must be an integer from 1 to ${JOBS_PER_PAGE_MAX}`, String(limit));
  }
  const after = query.cursor == null ? null : decodeJobsCursor(query.cursor);
  if (query.cursor != null && after === null) {
    return refuseField("cursor", "is not one that this list gave out", query.cursor);
  }
  const filters = filtersOf(query);
  const found = await readPage(db, tenant, after, filters, limit + 1);
  const page = found.slice(0, limit);
  const next = found.length > limit ? page.at(-1) : filters && (await lastExamined(db, tenant, after));
  return ok({ jobs: page, nextCursor: next ? encodeJobsCursor(next) : null });
}

function readPage(db: D1Database, tenant: string, after: JobsCursor | null, filters: SQL | undefined, rows: number) {
  const d1 = drizzle(db);
  const examined = d1
    .select()
    .from(jobs)
    .where(olderThan(tenant, after))
    .orderBy(desc(jobs.admittedAt), desc(jobs.id))
    .limit(filters ? JOBS_EXAMINED_MAX : rows)
    .as("jobs");
  return d1
    .select({ ...LISTED_COLUMNS, team: sql<string | null>`nullif(${jobs.team}, '')` })
    .from(examined)
    .where(filters)
    .orderBy(desc(jobs.admittedAt), desc(jobs.id))
    .limit(rows);
}

/** Columns of a listed job, as they are; the team is made null by whoever selects. */
export const LISTED_COLUMNS = {
  id: jobs.id,
  mode: jobs.mode,
  model: jobs.model,
  key: jobs.keyId,
  status: jobs.status,
  seconds: jobs.seconds,
  costMicros: jobs.costMicros,
  priceMicros: jobs.priceMicros,
  rateVersion: jobs.rateVersion,
  tags: jobs.tags,
  admittedAt: jobs.admittedAt,
  endedAt: jobs.endedAt,
  outcome: jobs.outcome,
  reason: jobs.reason,
};

/** The last job that a filtered page may look at; undefined: the list ends before it. */
async function lastExamined(db: D1Database, tenant: string, after: JobsCursor | null): Promise<JobsCursor | undefined> {
  const [last] = await drizzle(db)
    .select({ admittedAt: jobs.admittedAt, id: jobs.id })
    .from(jobs)
    .where(olderThan(tenant, after))
    .orderBy(desc(jobs.admittedAt), desc(jobs.id))
    .limit(1)
    .offset(JOBS_EXAMINED_MAX - 1);
  return last;
}

function olderThan(tenant: string, after: JobsCursor | null): SQL | undefined {
  const older = after ? sql`(${jobs.admittedAt}, ${jobs.id}) < (${after.admittedAt}, ${after.id})` : undefined;
  // 0: a job whose facts have not arrived.
  return and(eq(jobs.tenant, tenant), gt(jobs.admittedAt, 0), older);
}

function filtersOf({ mode, model, status, team, key }: JobsQuery): SQL | undefined {
  return and(
    mode === undefined ? undefined : eq(jobs.mode, mode),
    model === undefined ? undefined : eq(jobs.model, model),
    status === undefined ? undefined : eq(jobs.status, status),
    team === undefined ? undefined : eq(jobs.team, team ?? ""),
    key === undefined ? undefined : eq(jobs.keyId, key),
  );
}
