import type { Mode } from "../ledger/journal-entry.ts";

/** A job as it was charged. Money: micro-dollars; times: epoch ms. */
export interface CapturedJob {
  /** The capture's number in the tenant's journal: jobs are told in its order. */
  seq: number;
  capturedAt: number;
  id: string;
  mode: Mode;
  model: string;
  team: string | null;
  key: string;
  seconds: number;
  costMicros: number;
  priceMicros: number;
  /** JSON object of strings. */
  tags: string;
}

/** Entries that one read goes over; captures are about half of them. */
const ENTRIES_PER_PAGE = 1_000;

export interface CapturedQuery {
  tenant: string;
  mode: Mode;
  /** One team's jobs; '': of those that have none; null: all. */
  team: string | null;
  /** Entries after this number and before this time. */
  afterSeq: number;
  until: number;
}

/**
 * Jobs that were charged, a page at a time, by the journal's numbers: a read goes over 1,000 entries at most. `next`: where to go on;
 * null: there is nothing after it.
 */
export async function capturedJobs(
  db: D1Database,
  { tenant, mode, team, afterSeq, until }: CapturedQuery,
): Promise<{ jobs: CapturedJob[]; next: number | null }> {
  const [found, last] = await db.batch([
    db.prepare(JOBS).bind(tenant, afterSeq, afterSeq + ENTRIES_PER_PAGE, until, mode, team),
    db.prepare(MORE).bind(tenant, afterSeq + ENTRIES_PER_PAGE, until),
  ]);
  const jobs = (found?.results ?? []) as unknown as CapturedJob[];
  return { jobs, next: (last?.results.length ?? 0) > 0 ? afterSeq + ENTRIES_PER_PAGE : null };
}

const JOBS = `
  SELECT e.seq AS seq, e.at AS capturedAt, j.id AS id, j.mode AS mode, j.model AS model, nullif(j.team, '') AS team,
    j.key_id AS key, j.seconds AS seconds, j.cost_micros AS costMicros, j.price_micros AS priceMicros, j.tags AS tags
  FROM usage_events e JOIN jobs j ON j.tenant = e.tenant AND j.id = e.job_id
  WHERE e.tenant = ?1 AND e.seq > ?2 AND e.seq <= ?3 AND e.at < ?4 AND e.kind = 'capture' AND j.mode = ?5
    AND (?6 IS NULL OR j.team = ?6)
  ORDER BY e.seq`;

const MORE = "SELECT seq FROM usage_events WHERE tenant = ?1 AND seq > ?2 AND at < ?3 ORDER BY seq LIMIT 1";

/**
 * The number of the last entry before a time. Times rise with numbers, so the place is found by halving: some twenty reads of one row,
 * of whatever length the journal is.
 */
export async function lastEntryBefore(db: D1Database, tenant: string, at: number): Promise<number> {
  const head = await db.prepare(HEAD).bind(tenant).first<number>("seq");
  let low = 0;
  let high = head ?? 0;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const entry = await db.prepare(AT).bind(tenant, middle, high).first<{ seq: number; at: number }>();
    if (entry && entry.at < at) low = entry.seq;
    else high = middle - 1;
  }
  return low;
}

const HEAD = "SELECT seq FROM usage_events WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1";

/** The next entry that is there: D1 may lack some for a moment. */
const AT = "SELECT seq, at FROM usage_events WHERE tenant = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq LIMIT 1";
