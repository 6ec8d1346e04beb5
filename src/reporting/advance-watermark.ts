/** Bounds the work of one statement; a longer run takes another round. */
const RUN_ENTRIES_MAX = 1000;
const ROUNDS_MAX = 20;

/**
 * Moves the tenant's watermark over the entries that follow it without a gap, at most 20,000 of them.
 * Answers where it stands now: D1 has everything up to that seq (0: nothing). It never moves back.
 */
export async function advanceWatermark(db: D1Database, tenant: string): Promise<number> {
  let seq = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const [mark, moved] = await db.batch<{ seq: number }>([
      db.prepare("SELECT seq FROM watermarks WHERE tenant = ?1").bind(tenant),
      db.prepare(ADVANCE).bind(tenant, RUN_ENTRIES_MAX),
    ]);
    const before = mark?.results[0]?.seq ?? 0;
    seq = moved?.results[0]?.seq ?? before;
    if (seq - before < RUN_ENTRIES_MAX) break;
  }
  return seq;
}

// In a run without a gap, seq minus the row's number is the same for all: the watermark itself.
const ADVANCE = `
  WITH mark AS (SELECT coalesce((SELECT seq FROM watermarks WHERE tenant = ?1), 0) AS seq),
       next AS (SELECT seq, at FROM usage_events
                WHERE tenant = ?1 AND seq > (SELECT seq FROM mark) ORDER BY seq LIMIT ?2),
       run AS (SELECT seq, at, seq - row_number() OVER (ORDER BY seq) AS base FROM next)
  INSERT INTO watermarks (tenant, seq, at)
  SELECT ?1, seq, at FROM run WHERE base = (SELECT seq FROM mark) ORDER BY seq DESC LIMIT 1
  ON CONFLICT (tenant) DO UPDATE SET seq = excluded.seq, at = excluded.at
  RETURNING seq`;
