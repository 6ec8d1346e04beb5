/** Entries that one look goes over; a longer run takes another. */
export const RUN_ENTRIES_MAX = 1000;

/** How far a tenant's report is complete, and up to where that is written down. 0: nothing. */
export interface CompleteTo {
  seq: number;
  mark: number;
}

/**
 * Up to which entry D1 has everything of a tenant, without a gap: from the watermark on, over at most 1,000
 * entries that follow it. Only reads; the watermark itself is written every so many entries.
 */
export async function completeTo(db: D1Database, tenant: string): Promise<CompleteTo> {
  const found = await db.prepare(READ).bind(tenant, RUN_ENTRIES_MAX).first<CompleteTo>();
  return found ?? { seq: 0, mark: 0 };
}

/**
 * SQL of `mark`, the watermark, and `run`, the entries after it. In a run without a gap, seq minus the row's
 * number is the same for all: the watermark itself. A tenant without a watermark has one at 0, where nothing had moved.
 */
export const RUN = `
  mark AS (SELECT coalesce(max(seq), 0) AS seq, coalesce(max(month), '') AS month,
                  iif(count(*) = 0, 0, max(moved_micros)) AS moved, iif(count(*) = 0, 0, max(captured_micros)) AS captured
           FROM watermarks WHERE tenant = ?1),
  next AS (SELECT seq, at, kind, local_day, credit_micros FROM usage_events
           WHERE tenant = ?1 AND seq > (SELECT seq FROM mark) ORDER BY seq LIMIT ?2),
  numbered AS (SELECT *, seq - row_number() OVER (ORDER BY seq) AS base FROM next),
  run AS (SELECT seq, at, kind, substr(local_day, 1, 7) AS month, credit_micros FROM numbered
          WHERE base = (SELECT seq FROM mark))`;

const READ = `
  WITH ${RUN}
  SELECT coalesce((SELECT max(seq) FROM run), mark.seq) AS seq, mark.seq AS mark FROM mark`;
