import type { Mode } from "../ledger/journal-entry.ts";
import { DAY_SUMS } from "./day-sums.ts";
import { wholeDays } from "./whole-days.ts";

/** Rows that one view reads of a roll-up, the newest days first: an overview never reads more. */
export const DAY_ROWS_MAX = 4_900;

/** What ended on one local day. Amounts are micro-dollars; `jobs` are the captured ones. */
export interface DayRow {
  /** YYYY-MM-DD. */
  day: string;
  /** '': of no team, and in the gateway's days. */
  team: string;
  key: string;
  model: string;
  jobs: number;
  seconds: number;
  costMicros: number;
  priceMicros: number;
  failed: number;
  cancelled: number;
  resultMs: number;
  /** Completed jobs by their time to result: `RESULT_MS_EDGES`. */
  results: number[];
}

/** `wholeFrom`: from this day on all rows of the span are there, and no others. */
export interface DayRows {
  rows: DayRow[];
  wholeFrom: string;
}

export interface DaySpan {
  mode: Mode;
  /** Local days, both included. */
  from: string;
  to: string;
}

/** A tenant's days, from its daily roll-up: one statement, at most 4,900 rows, the newest days first. */
export async function tenantDays(db: D1Database, tenant: string, { mode, from, to }: DaySpan): Promise<DayRows> {
  return cut(await db.prepare(OF_TENANT).bind(tenant, mode, from, to, DAY_ROWS_MAX).raw<RawRow>(), from);
}

/** The same of the whole gateway, each tenant by its own local day: rows are of a model only. */
export async function gatewayDaysOf(db: D1Database, { mode, from, to }: DaySpan): Promise<DayRows> {
  const found = await db.prepare(OF_GATEWAY).bind(mode, from, to, DAY_ROWS_MAX).raw<RawRow>();
  return cut(found, from);
}

type RawRow = [string, string, string, string, ...number[]];

function cut(found: readonly RawRow[], from: string): DayRows {
  const { whole, wholeFrom } = wholeDays(found, from, DAY_ROWS_MAX);
  return { rows: whole.map(toRow), wholeFrom };
}

function toRow([day, team, key, model, ...sums]: RawRow): DayRow {
  const [jobs = 0, seconds = 0, costMicros = 0, priceMicros = 0, failed = 0, cancelled = 0, resultMs = 0] = sums;
  const results = sums.slice(7);
  return { day, team, key, model, jobs, seconds, costMicros, priceMicros, failed, cancelled, resultMs, results };
}

// In the order of the key, so that nothing is sorted and the limit ends the reading.
const OF_TENANT = `
  SELECT local_day, team, key_id, model, ${DAY_SUMS.join(", ")} FROM usage_days
  WHERE tenant = ?1 AND mode = ?2 AND local_day BETWEEN ?3 AND ?4
  ORDER BY local_day DESC, team DESC, key_id DESC, model DESC LIMIT ?5`;

const OF_GATEWAY = `
  SELECT local_day, '', '', model, ${DAY_SUMS.join(", ")} FROM gateway_days
  WHERE mode = ?1 AND local_day BETWEEN ?2 AND ?3
  ORDER BY local_day DESC, model DESC LIMIT ?4`;
