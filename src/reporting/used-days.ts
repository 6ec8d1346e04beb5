import type { DaySpan } from "./day-rows.ts";
import type { UsedDay } from "./group-usage.ts";
import { wholeDays } from "./whole-days.ts";

/** What usage may be told apart by, and the column that says it. */
const COLUMNS = { team: "team", key: "key_id", model: "model" } as const;

export interface UsedDays {
  /** One for each row of the daily roll-up; '' where a dimension was not asked for. */
  days: UsedDay[];
  /** From this day on all of the span is there, and nothing else is. */
  wholeFrom: string;
}

/**
 * What a tenant captured by local day and the dimensions asked for: no more than `rowsMax` rows of the daily roll-up, the newest
 * days first, and of each only what is wanted, since what a row costs is to hand it over. They are summed up by whoever asked: D1
 * would read each row once more to group it.
 */
export async function usedDays(
  db: D1Database,
  tenant: string,
  { mode, from, to }: DaySpan,
  { by, rowsMax }: { by: ReadonlySet<string>; rowsMax: number },
): Promise<UsedDays> {
  const found = await db.prepare(select(by)).bind(tenant, mode, from, to, rowsMax).raw<RawDay>();
  const { whole, wholeFrom } = wholeDays(found, from, rowsMax);
  return { days: whole.map((row) => ({ ...toDay(row), mode })), wholeFrom };
}

type RawDay = [string, string, string, string, number, number, number, number];

const toDay = ([day, team, key, model, jobs, seconds, costMicros, priceMicros]: RawDay): Omit<UsedDay, "mode"> => ({
  day,
  team,
  key,
  model,
  jobs,
  seconds,
  costMicros,
  priceMicros,
});

function select(by: ReadonlySet<string>): string {
  const dimensions = (["team", "key", "model"] as const).map((name) => (by.has(name) ? COLUMNS[name] : "''"));
  // In the order of the key, so that nothing is sorted and the limit ends the reading.
  return `
    SELECT local_day, ${dimensions.join(", ")}, jobs, seconds, cost_micros, price_micros FROM usage_days
    WHERE tenant = ?1 AND mode = ?2 AND local_day BETWEEN ?3 AND ?4
    ORDER BY local_day DESC, usage_days.team DESC, key_id DESC, usage_days.model DESC LIMIT ?5`;
}
