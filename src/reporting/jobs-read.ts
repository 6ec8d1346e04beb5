import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { JobsCursor } from "./jobs-cursor.ts";
import { isFiltered } from "./jobs-query.ts";
import type { JobsQuery, ListedJob } from "./list-jobs.ts";
import { jobs } from "./schema.ts";

/** Jobs that one page may look through for those that its filters ask for; it does so twice at most. */
export const JOBS_EXAMINED_MAX = 2_000;

/** D1's jobs of a page, in the list's order, without those that are late. */
export function readStored(
  db: D1Database,
  query: JobsQuery,
  after: JobsCursor | null,
  lateIds: string,
  rows: number,
): Promise<ListedJob[]> {
  const d1 = drizzle(db);
  const early = lateIds === "[]" ? undefined : sql`${jobs.id} not in (select value from json_each(${lateIds}))`;
  const filters = isFiltered(query) ? filtersOf(query) : undefined;
  const examined = d1
    .select()
    .from(jobs)
    .where(filters ? reachOf(query, after) : and(reachOf(query, after), early))
    .orderBy(...orderOf(query))
    .limit(filters ? JOBS_EXAMINED_MAX : rows)
    .as("jobs");
  return d1
    .select({ ...LISTED_COLUMNS, team: sql<string | null>`nullif(${jobs.team}, '')` })
    .from(examined)
    .where(filters && and(filters, early))
    .orderBy(...orderOf(query))
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
export async function lastExamined(
  db: D1Database,
  query: JobsQuery,
  after: JobsCursor | null,
): Promise<JobsCursor | undefined> {
  const [last] = await drizzle(db)
    .select({ admittedAt: jobs.admittedAt, id: jobs.id })
    .from(jobs)
    .where(reachOf(query, after))
    .orderBy(...orderOf(query))
    .limit(1)
    .offset(JOBS_EXAMINED_MAX - 1);
  return last;
}

const orderOf = ({ idPrefix }: JobsQuery): SQL[] =>
  idPrefix === undefined ? [desc(jobs.admittedAt), desc(jobs.id)] : [asc(jobs.id)];

/**
 * What an index is read by, from the page's beginning on: times by their index, ids by the table's own key. One bound at
 * each end and no more: SQLite would read by one of two, and pass over what the other leaves out.
 */
function reachOf({ tenant, idPrefix, from, to }: JobsQuery, after: JobsCursor | null): SQL | undefined {
  if (idPrefix !== undefined) {
    const first = after && after.id >= idPrefix ? gt(jobs.id, after.id) : gte(jobs.id, idPrefix);
    // "g" comes after every hex digit.
    return and(eq(jobs.tenant, tenant), first, lt(jobs.id, `${idPrefix}g`));
  }
  const older = after && sql`(${jobs.admittedAt}, ${jobs.id}) < (${after.admittedAt}, ${after.id})`;
  const isBelow = to === undefined || (after !== null && after.admittedAt < to);
  const before = isBelow ? (older ?? undefined) : lt(jobs.admittedAt, to);
  // 0: a job whose facts have not arrived.
  return and(eq(jobs.tenant, tenant), gte(jobs.admittedAt, Math.max(1, from ?? 1)), before);
}

function filtersOf({ mode, model, status, team, key, ended, idPrefix, from, to }: JobsQuery): SQL | undefined {
  return and(
    mode === undefined ? undefined : eq(jobs.mode, mode),
    model === undefined ? undefined : eq(jobs.model, model),
    status === undefined ? undefined : eq(jobs.status, status),
    team === undefined ? undefined : eq(jobs.team, team ?? ""),
    key === undefined ? undefined : eq(jobs.keyId, key),
    ended === undefined ? undefined : ended ? isNotNull(jobs.endedAt) : isNull(jobs.endedAt),
    idPrefix === undefined ? undefined : gte(jobs.admittedAt, Math.max(1, from ?? 1)),
    idPrefix === undefined || to === undefined ? undefined : lt(jobs.admittedAt, to),
  );
}
