import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import { decodeJobsCursor, encodeJobsCursor } from "./jobs-cursor.ts";
import { LISTED_COLUMNS } from "./jobs-read.ts";
import type { ListedJob } from "./list-jobs.ts";
import { refuseField } from "./refuse-field.ts";
import { jobs } from "./schema.ts";

/** The statuses that people must look at. */
export const UNCLEAR_STATUSES = ["unknown", "needs_operator"] as const;

export interface UnclearQuery {
  status: (typeof UNCLEAR_STATUSES)[number];
  /** 1..100. */
  limit: number;
  cursor: string | null;
}

export type UnclearJob = ListedJob & { tenant: string };

/** Jobs of all tenants that nobody can tell, the oldest first: those have waited longest. */
export async function listUnclearJobs(
  db: D1Database,
  { status, limit, cursor }: UnclearQuery,
): Promise<Result<{ jobs: UnclearJob[]; nextCursor: string | null }, Refusal>> {
  const after = cursor === null ? null : decodeJobsCursor(cursor);
  if (cursor !== null && after === null) return refuseField("cursor", "is not one that this list gave out", cursor);
  const newer = after ? sql`(${jobs.admittedAt}, ${jobs.id}) > (${after.admittedAt}, ${after.id})` : undefined;
  const found = await drizzle(db)
    .select({ ...LISTED_COLUMNS, tenant: jobs.tenant, team: sql<string | null>`nullif(${jobs.team}, '')` })
    .from(jobs)
    // As the index has it, so that it is used.
    .where(and(eq(jobs.status, status), sql`${jobs.status} in ('unknown', 'needs_operator')`, newer))
    .orderBy(asc(jobs.admittedAt), asc(jobs.id))
    .limit(limit + 1);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return ok({ jobs: page, nextCursor: last ? encodeJobsCursor(last) : null });
}
