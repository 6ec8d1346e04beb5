import { replayJournal, type Journal } from "./replay-journal.ts";

const SWEEP = "usage_catch_up";

export interface CatchUpOptions {
  /** Tenants looked at in one run. */
  tenantsMax: number;
  /** Entries replayed in one run, and for one tenant, so that none starves the others. */
  entriesMax: number;
  entriesPerTenantMax: number;
}

/** About 600 D1 statements at most, under the 1,000 that one invocation may run. */
export const CATCH_UP_DEFAULTS: CatchUpOptions = { tenantsMax: 50, entriesMax: 10_000, entriesPerTenantMax: 2_000 };

/** What one run did. `behind`: tenants whose report is still not complete. */
export interface CatchUpReport {
  tenants: number;
  replayed: number;
  behind: string[];
  problems: string[];
}

/**
 * Cron's second net under the queue: walks the tenant registry a slice per run and replays from each
 * ledger what D1 misses, so that a lost message costs minutes and no data. The cursor is in
 * CONTROL.sweeps; after the last tenant it begins again. A tenant that fails is named in `problems`
 * and passed over until the next round.
 */
export async function catchUp(
  control: D1Database,
  report: D1Database,
  journalOf: (tenant: string) => Journal,
  options: Partial<CatchUpOptions> = {},
): Promise<CatchUpReport> {
  const limits = { ...CATCH_UP_DEFAULTS, ...options };
  const done: CatchUpReport = { tenants: 0, replayed: 0, behind: [], problems: [] };
  const slice = await nextSlice(control, limits.tenantsMax);
  let cursor = "";
  for (const tenant of slice) {
    if (done.replayed >= limits.entriesMax) break;
    const left = Math.min(limits.entriesPerTenantMax, limits.entriesMax - done.replayed);
    try {
      const { replayed, watermark, headSeq } = await replayJournal(report, tenant, journalOf(tenant), left);
      done.replayed += replayed;
      if (watermark < headSeq) done.behind.push(tenant);
    } catch (error) {
      done.problems.push(`tenant ${tenant}: ${String(error)}`);
    }
    done.tenants++;
    cursor = tenant;
  }
  const atEnd = done.tenants === slice.length && slice.length < limits.tenantsMax;
  await saveCursor(control, atEnd ? "" : cursor);
  return done;
}

async function nextSlice(control: D1Database, limit: number): Promise<string[]> {
  const { results } = await control
    .prepare(
      `SELECT id FROM tenants
       WHERE id > coalesce((SELECT cursor FROM sweeps WHERE name = ?1), '') ORDER BY id LIMIT ?2`,
    )
    .bind(SWEEP, limit)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}

async function saveCursor(control: D1Database, cursor: string): Promise<void> {
  await control
    .prepare(
      `INSERT INTO sweeps (name, cursor) VALUES (?1, ?2)
       ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor WHERE cursor <> excluded.cursor`,
    )
    .bind(SWEEP, cursor)
    .run();
}
