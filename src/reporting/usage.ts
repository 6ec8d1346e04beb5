import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { DAY_ROWS_MAX } from "./day-rows.ts";
import { addUp, groupUsage, type UsageRow, type UsageSum, type UsedDay } from "./group-usage.ts";
import { refuseField } from "./refuse-field.ts";
import { checkUsageQuery, type UsageQuery } from "./usage-query.ts";
import { usedDays } from "./used-days.ts";

export interface UsageReport {
  /** The first day that is in it: later than asked only where the query lets it be. */
  from: string;
  /** Ordered by the groups as they were asked for; groups without a captured job have no row. */
  rows: UsageRow[];
  total: UsageSum;
}

/**
 * One tenant's usage by its local day of capture, from the daily roll-up (never from jobs). Without a
 * group there is one row, or none if nothing was captured. Refuses with `invalid_request` a bad or too
 * long span (400 days), and one that has more rows of the roll-up (one for each day, team, key and model) than `rowsMax`; whose
 * they are does not matter, since all are looked at.
 */
export async function usage(
  db: D1Database,
  query: UsageQuery,
  rowsMax = DAY_ROWS_MAX,
): Promise<Result<UsageReport, Refusal>> {
  const checked = checkUsageQuery(query);
  if (!checked.ok) return checked;
  const { days, wholeFrom } = await readDays(db, query, rowsMax);
  if (wholeFrom > query.to || (wholeFrom > query.from && !query.mayShorten))
    return refuseSpan(query, wholeFrom, rowsMax);
  const own = days.filter(
    ({ key, team }) =>
      (query.key === undefined || key === query.key) && (query.team === undefined || team === query.team),
  );
  const rows = groupUsage(own, [...new Set(query.groupBy)]);
  return ok({ from: wholeFrom, rows, total: addUp(rows) });
}

/** The newest days first, and no more rows than that of all modes together. */
async function readDays(db: D1Database, query: UsageQuery, rowsMax: number) {
  const { tenant, from, to, mode = "live" } = query;
  const by = new Set([...query.groupBy, ...(["key", "team"] as const).filter((asked) => query[asked] !== undefined)]);
  const modes: Mode[] = mode === "all" ? ["live", "test"] : [mode];
  let wholeFrom = from;
  const days: UsedDay[] = [];
  for (const one of modes) {
    const read = await usedDays(db, tenant, { mode: one, from: wholeFrom, to }, { by, rowsMax: rowsMax - days.length });
    wholeFrom = read.wholeFrom;
    days.push(...read.days);
  }
  return { days: days.filter(({ day }) => day >= wholeFrom), wholeFrom };
}

function refuseSpan({ from, to }: UsageQuery, wholeFrom: string, rowsMax: number): Result<never, Refusal> {
  const rows = `${rowsMax} rows of days, teams, keys and models`;
  if (wholeFrom > to) return refuseField("to", `is one day of more than ${rows}: export its jobs instead`, to);
  return refuseField("from", `must be ${wholeFrom} or later: what is before makes more than ${rows} up to to`, from);
}
