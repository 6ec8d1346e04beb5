import { completeTo, RUN, RUN_ENTRIES_MAX } from "./complete-to.ts";

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
    await db.prepare(ADVANCE).bind(tenant, RUN_ENTRIES_MAX).run();
    if (seq - mark < RUN_ENTRIES_MAX) break;
  }
  return complete;
}

const ADVANCE = `
  WITH ${RUN}
  INSERT INTO watermarks (tenant, seq, at)
  SELECT ?1, seq, at FROM run ORDER BY seq DESC LIMIT 1
  ON CONFLICT (tenant) DO UPDATE SET seq = excluded.seq, at = excluded.at`;
