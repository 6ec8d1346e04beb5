import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { refuseField } from "./refuse-field.ts";

/** Rows of the hourly roll-up that one answer reads. */
export const HOUR_ROWS_MAX = 4_900;

export interface HourlyQuery {
  tenant: string;
  mode: Mode;
  /** Epoch ms; every UTC hour that begins from the hour of `after` on, and before `before`. */
  after: number;
  before: number;
  model: string | null;
}

/** Captured jobs of one model on one UTC day. Amounts are micro-dollars at the tenant's price. */
export interface DayUsage {
  model: string;
  /** YYYY-MM-DD. */
  day: string;
  jobs: number;
  priceMicros: number;
  /** When the last hour with a capture began. */
  lastHour: number;
}

const HOUR_MS = 3_600_000;

interface HourRow {
  hour: number;
  model: string;
  jobs: number;
  priceMicros: number;
}

/**
 * One tenant's captured jobs by model and UTC day, from the hourly roll-up. Refuses a span that has more than 4,900 rows of it (one
 * for each hour, team, key and model), whichever model is asked for, and says from where on it would do.
 */
export async function hourlyUsage(db: D1Database, query: HourlyQuery): Promise<Result<DayUsage[], Refusal>> {
  const { tenant, mode, after, before, model } = query;
  const first = after - (after % HOUR_MS);
  const { results } = await db.prepare(READ).bind(tenant, mode, first, before, HOUR_ROWS_MAX).all<HourRow>();
  const oldest = results.length === HOUR_ROWS_MAX ? results.at(-1) : undefined;
  if (oldest) {
    const least = new Date(oldest.hour + HOUR_MS).toISOString();
    const rule = `must be ${least} or later: what is before makes more than ${HOUR_ROWS_MAX} rows of hours, keys and models`;
    return refuseField("start_time", rule, new Date(after).toISOString());
  }
  return ok(byDay(results.filter((row) => model === null || row.model === model)));
}

/** By day, then by model. */
function byDay(rows: readonly HourRow[]): DayUsage[] {
  const found = new Map<string, DayUsage>();
  for (const { hour, model, jobs, priceMicros } of rows) {
    const day = new Date(hour).toISOString().slice(0, 10);
    const name = `${day} ${model}`;
    const sum = found.get(name) ?? { model, day, jobs: 0, priceMicros: 0, lastHour: 0 };
    found.set(name, sum);
    sum.jobs += jobs;
    sum.priceMicros += priceMicros;
    sum.lastHour = Math.max(sum.lastHour, hour);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

// In the order of the key, so that nothing is sorted and the limit ends the reading.
const READ = `
  SELECT hour, model, jobs, price_micros AS priceMicros FROM usage_hours
  WHERE tenant = ?1 AND mode = ?2 AND hour >= ?3 AND hour < ?4
  ORDER BY hour DESC, team DESC, key_id DESC, model DESC LIMIT ?5`;
