import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { windowAt } from "../ledger/windows.ts";
import { daysApart, periodsOf } from "./calendar.ts";
import { gatewayDaysOf, tenantDays, type DayRow, type DayRows } from "./day-rows.ts";
import { dailyPace, forecastMicros } from "./forecast.ts";
import { refuseField } from "./refuse-field.ts";
import {
  chartOf,
  outcomesOf,
  spanToRead,
  spendSums,
  type Chart,
  type Outcomes,
  type SpendSums,
} from "./summarize-days.ts";

/** Days before today that a chart may begin: what is read is read to today. */
export const CHART_DAYS_MAX = 92;

export interface OverviewQuery {
  /** null: the whole gateway. */
  tenant: string | null;
  /** Of this team's jobs only; null: of all. */
  team: string | null;
  mode: Mode;
  /** Epoch ms, and the day and month it is in. */
  now: number;
  today: string;
  timeZone: string;
  /** The chart's days; absent: this month up to today. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface Overview {
  spend: SpendSums;
  /** What this month will have come to. */
  monthForecastMicros: number | null;
  outcomes: Outcomes;
  chart: Chart;
  /** Rows that were read for it. */
  rowsRead: number;
  /** Captured a day of late, of the jobs that are asked for: see `forecast.ts`. */
  pace: (fits: (row: DayRow) => boolean) => number | null;
}

/** What there is to see at a glance, from one statement that reads 4,900 rows of a daily roll-up at most. */
export async function overview(db: D1Database, query: OverviewQuery): Promise<Result<Overview, Refusal>> {
  const { tenant, team, mode, now, today, timeZone } = query;
  const periods = periodsOf(today);
  const chart = { from: query.from ?? periods.month, to: query.to ?? today };
  if (chart.from > chart.to) return refuseField("to", "must not be before from", chart.to);
  if (daysApart(chart.from, today) > CHART_DAYS_MAX || daysApart(chart.from, chart.to) > CHART_DAYS_MAX) {
    return refuseField("from", `must be at most ${CHART_DAYS_MAX} days before today and to`, chart.from);
  }
  const span = { mode, ...spanToRead(periods, chart) };
  const read = tenant === null ? await gatewayDaysOf(db, span) : await tenantDays(db, tenant, span);
  const days: DayRows = team === null ? read : { ...read, rows: read.rows.filter((row) => row.team === team) };
  const spend = spendSums(days, periods);
  const month = spend.month?.priceMicros;
  const { end } = windowAt("month", now, timeZone);
  return ok({
    spend,
    monthForecastMicros: month === undefined ? null : forecastMicros(month, dailyPace(days, today), now, end),
    outcomes: outcomesOf(days, periods),
    chart: chartOf(days, chart.from, chart.to),
    rowsRead: read.rows.length,
    pace: (fits) => dailyPace(days, today, fits),
  });
}
