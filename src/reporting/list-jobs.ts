import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { lastExamined, readStored } from "./jobs-read.ts";
import { decodeJobsCursor, encodeJobsCursor } from "./jobs-cursor.ts";
import { comesAfter, comparing, fitsQuery, isFiltered } from "./jobs-query.ts";
import type { LateJobs } from "./late-jobs.ts";
import { refuseField } from "./refuse-field.ts";
import type { JobStatus } from "./schema.ts";

export const JOBS_PER_PAGE_MAX = 100;

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
  /** Those that have ended, or that have not. */
  ended?: boolean;
  /** Admitted from here on, and before there; epoch ms. */
  from?: number;
  to?: number;
  /** Ids that begin so; the list is then by id. */
  idPrefix?: string;
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
 * filters, a page looks through at most 2,000 jobs and may be short, even empty, with a cursor to go
 * on from; only a null cursor means the end. `late`: what D1 has not heard yet, put in its places. Refuses a bad limit
 * or cursor with `invalid_request`.
 */
export async function listJobs(
  db: D1Database,
  query: JobsQuery,
  late: LateJobs = NONE,
): Promise<Result<JobsPage, Refusal>> {
  const { limit } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > JOBS_PER_PAGE_MAX) {
    return refuseField("limit", `must be an integer from 1 to ${JOBS_PER_PAGE_MAX}`, String(limit));
  }
  const after = query.cursor == null ? null : decodeJobsCursor(query.cursor);
  if (query.cursor != null && after === null) {
    return refuseField("cursor", "is not one that this list gave out", query.cursor);
  }
  const stored = await readStored(db, query, after, late.ids, limit + 1);
  // D1's jobs may go on after the last that this page may look at: what is late and older waits for the page after it.
  const edge = stored.length <= limit && isFiltered(query) ? await lastExamined(db, query, after) : undefined;
  const compare = comparing(query);
  const found = late.jobs
    .filter((job) => fitsQuery(job, query) && comesAfter(job, after, compare) && !(edge && compare(job, edge) > 0))
    .map(({ keyId, heldMicros: _held, refundedAt: _refunded, deletedAt: _deleted, ...job }) => ({
      ...job,
      key: keyId,
    }));
  const all = [...stored, ...found].toSorted(compare);
  const jobs = all.slice(0, limit);
  const next = all.length > limit ? jobs.at(-1) : edge;
  return ok({ jobs, nextCursor: next ? encodeJobsCursor(next) : null });
}

const NONE: LateJobs = { jobs: [], ids: "[]" };
