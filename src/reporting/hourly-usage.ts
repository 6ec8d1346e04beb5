import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { refuseField } from "./refuse-field.ts";

export const USAGE_GROUPS_MAX = 10_000;

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

/** One tenant's captured jobs by model and UTC day, from the hourly roll-up. Refuses an answer of over 10,000 rows. */
export async function hourlyUsage(db: D1Database, query: HourlyQuery): Promise<Result<DayUsage[], Refusal>> {
  const { tenant, mode, after, before, model } = query;
  const { results } = await db
    .prepare(READ)
    .bind(tenant, mode, after - (after % HOUR_MS), before, model, USAGE_GROUPS_MAX + 1)
    .all<DayUsage>();
  if (results.length <= USAGE_GROUPS_MAX) return ok(results);
  return refuseField("model_uuid", `is needed: the span has over ${USAGE_GROUPS_MAX} days of models`, "missing");
}

const READ = `
  SELECT model, date(hour / 1000, 'unixepoch') AS day, sum(jobs) AS jobs, sum(price_micros) AS priceMicros,
         max(hour) AS lastHour
  FROM usage_hours
  WHERE tenant = ?1 AND mode = ?2 AND hour >= ?3 AND hour < ?4 AND (?5 IS NULL OR model = ?5)
  GROUP BY model, day ORDER BY day, model LIMIT ?6`;
