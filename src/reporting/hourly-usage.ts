import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { DAY_ROWS_MAX } from "./day-rows.ts";
import { hourOf, readHours } from "./day-hours.ts";
import { begunEverywhere, localDaysOf } from "./local-days.ts";
import { refuseField } from "./refuse-field.ts";
import { wholeDays } from "./whole-days.ts";

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

interface ModelHour {
  model: string;
  begins: number;
  jobs: number;
  priceMicros: number;
}

/**
 * One tenant's captured jobs by model and UTC day, from the hours that its daily roll-up keeps, of all local days that the span can
 * touch in any zone. Refuses a span that has more than 4,900 rows of it (one for each day, team, key and model), whichever model is
 * asked for, and says from where on it would do.
 */
export async function hourlyUsage(db: D1Database, query: HourlyQuery): Promise<Result<DayUsage[], Refusal>> {
  const { tenant, mode, after, before, model } = query;
  const [first, end] = [hourOf(after) * HOUR_MS, (hourOf(before - 1) + 1) * HOUR_MS];
  const { from, to } = localDaysOf(first, end);
  const found = await db.prepare(READ).bind(tenant, mode, from, to, DAY_ROWS_MAX).raw<[string, string, string]>();
  const { wholeFrom } = wholeDays(found, from, DAY_ROWS_MAX);
  if (wholeFrom > from) return refuseSpan(query, begunEverywhere(wholeFrom));
  const hours = found
    .filter((row) => model === null || row[1] === model)
    .flatMap(([, name, kept]) => readHours(kept).map((hour) => ({ model: name, ...hour })));
  return ok(byDay(hours.filter(({ begins }) => begins >= first && begins < end)));
}

function refuseSpan({ after, before }: HourlyQuery, least: number): Result<never, Refusal> {
  const rows = `${DAY_ROWS_MAX} rows of days, teams, keys and models`;
  if (least >= before) {
    const rule = `ends days of more than ${rows}: export their jobs instead`;
    return refuseField("end_time", rule, new Date(before).toISOString());
  }
  const rule = `must be ${new Date(least).toISOString()} or later: what is before makes more than ${rows} up to end_time`;
  return refuseField("start_time", rule, new Date(after).toISOString());
}

/** By day, then by model. */
function byDay(hours: readonly ModelHour[]): DayUsage[] {
  const found = new Map<string, DayUsage>();
  for (const { begins, model, jobs, priceMicros } of hours) {
    const day = new Date(begins).toISOString().slice(0, 10);
    const name = `${day} ${model}`;
    const sum = found.get(name) ?? { model, day, jobs: 0, priceMicros: 0, lastHour: 0 };
    found.set(name, sum);
    sum.jobs += jobs;
    sum.priceMicros += priceMicros;
    sum.lastHour = Math.max(sum.lastHour, begins);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

// In the order of the key, so that nothing is sorted and the limit ends the reading.
const READ = `
  SELECT local_day, model, hours FROM usage_days
  WHERE tenant = ?1 AND mode = ?2 AND local_day BETWEEN ?3 AND ?4
  ORDER BY local_day DESC, team DESC, key_id DESC, model DESC LIMIT ?5`;
