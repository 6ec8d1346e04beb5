import { completeTo, RUN, RUN_ENTRIES_MAX } from "./complete-to.ts";
import { CAPTURED, MOVED } from "./credit-at.ts";

/**
 * Entries after which the watermark is written: a row written costs as much as a thousand that are read, and
 * whoever wants to know reads on from it.
 */
export const WATERMARK_ENTRIES = 50;

const ROUNDS_MAX = 20;

/**
 * Moves the tenant's watermark over the entries that follow it without a gap, at most 20,000 of them, if there
 * are enough. Answers up to where D1 has everything (0: nothing). It never moves back.
 */
export async function advanceWatermark(db: D1Database, tenant: string): Promise<number> {
  let complete = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { seq, mark } = await completeTo(db, tenant);
    complete = seq;
    if (seq - mark < WATERMARK_ENTRIES) break;
    // What was read may be gone: the statement looks again.
    await db.batch([CLOSE_MONTHS, ADVANCE].map((sql) => db.prepare(sql).bind(tenant, RUN_ENTRIES_MAX)));
    if (seq - mark < RUN_ENTRIES_MAX) break;
  }
  return complete;
}

const ADVANCE = `
  WITH ${RUN}
  INSERT INTO watermarks (tenant, seq, at, month, moved_micros, captured_micros)
  SELECT ?1, seq, at, month, (SELECT moved FROM mark) + (SELECT ${MOVED} FROM run),
    (SELECT captured FROM mark) + (SELECT ${CAPTURED} FROM run)
  FROM run ORDER BY seq DESC LIMIT 1
  ON CONFLICT (tenant) DO UPDATE SET seq = excluded.seq, at = excluded.at, month = excluded.month,
    moved_micros = excluded.moved_micros, captured_micros = excluded.captured_micros`;

// Times rise with numbers, and so do months: one is over once an entry of a later one is there. Before the watermark moves.
// Nothing is written before anything was on the credit; after that also where it came back to nothing, or the month before would hold.
const CLOSE_MONTHS = `
  WITH ${RUN},
  months AS (SELECT month, ${MOVED} AS moved, ${CAPTURED} AS captured FROM run GROUP BY month
             UNION ALL SELECT month, 0, 0 FROM mark WHERE month <> ''),
  closings AS (SELECT month, (SELECT moved FROM mark) + sum(sum(moved)) OVER (ORDER BY month) AS moved,
                      (SELECT captured FROM mark) + sum(sum(captured)) OVER (ORDER BY month) AS captured
               FROM months GROUP BY month)
  INSERT INTO credit_months (tenant, month, moved_micros, captured_micros)
  SELECT ?1, month, moved, captured FROM closings
  WHERE month < (SELECT max(month) FROM months)
    AND (EXISTS (SELECT 1 FROM credit_months WHERE tenant = ?1)
      OR EXISTS (SELECT 1 FROM closings AS earlier WHERE earlier.month <= closings.month
                   AND (earlier.moved <> 0 OR earlier.captured <> 0)))
    AND moved IS NOT NULL AND captured IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM months WHERE months.moved IS NULL OR months.captured IS NULL)
  ON CONFLICT (tenant, month) DO UPDATE SET moved_micros = excluded.moved_micros, captured_micros = excluded.captured_micros`;
