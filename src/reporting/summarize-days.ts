import { addDays, daysBetween, type Periods } from "./calendar.ts";
import type { DayRow, DayRows } from "./day-rows.ts";
import { resultQuantile } from "./result-times.ts";

/** Captured jobs and what they came to, in micro-dollars. */
export interface SpendSum {
  jobs: number;
  priceMicros: number;
  costMicros: number;
}

/** Null: the days of it were more than one view reads. */
export interface SpendSums {
  today: SpendSum | null;
  month: SpendSum | null;
  monthBefore: SpendSum | null;
}

export function spendSums(days: DayRows, { today, month, before }: Periods): SpendSums {
  const sum = (from: string, to: string): SpendSum | null =>
    from < days.wholeFrom ? null : addUp(days.rows.filter(({ day }) => day >= from && day <= to));
  return { today: sum(today, today), month: sum(month, today), monthBefore: sum(before.from, before.to) };
}

function addUp(rows: readonly DayRow[]): SpendSum {
  const total = { jobs: 0, priceMicros: 0, costMicros: 0 };
  for (const { jobs, priceMicros, costMicros } of rows) {
    total.jobs += jobs;
    total.priceMicros += priceMicros;
    total.costMicros += costMicros;
  }
  return total;
}

/** How jobs ended, and how long the completed ones took. Estimates are within a bucket of the histogram. */
export interface Outcomes {
  from: string;
  to: string;
  completed: number;
  failed: number;
  cancelled: number;
  /** Completed among those that completed or failed, 0 to 1; null: there are none. */
  successRate: number | null;
  meanMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
}

/** Of the last 30 days, or of those that were read. */
export function outcomesOf({ rows, wholeFrom }: DayRows, { today, recent }: Periods): Outcomes {
  const from = recent < wholeFrom ? wholeFrom : recent;
  const results: number[] = [];
  let [failed, cancelled, ms] = [0, 0, 0];
  for (const row of rows) {
    if (row.day < from || row.day > today) continue;
    failed += row.failed;
    cancelled += row.cancelled;
    ms += row.resultMs;
    for (const [bucket, count] of row.results.entries()) results[bucket] = (results[bucket] ?? 0) + count;
  }
  const completed = results.reduce((sum, count) => sum + count, 0);
  return {
    from,
    to: today,
    completed,
    failed,
    cancelled,
    successRate: completed + failed === 0 ? null : completed / (completed + failed),
    meanMs: completed === 0 ? null : Math.round(ms / completed),
    p50Ms: resultQuantile(results, 0.5),
    p95Ms: resultQuantile(results, 0.95),
  };
}

/** A line of a chart: one model, team or key, or all the others together. */
export interface Series {
  /** '' as a team: of none; null: the others. */
  name: string | null;
  jobs: number;
  priceMicros: number;
  costMicros: number;
  /** Micro-dollars by day, in the order of the chart's days. */
  values: number[];
}

export interface Chart {
  days: string[];
  total: number[];
  by: Record<Dimension, Series[]>;
}

export type Dimension = "model" | "team" | "key";

const SERIES_MAX = 8;

/** What was captured by day, as far as the days were read: the eight largest of each kind, and the rest as one. */
export function chartOf({ rows, wholeFrom }: DayRows, from: string, to: string): Chart {
  const days = daysBetween(from < wholeFrom ? wholeFrom : from, to);
  const places = new Map(days.map((day, index) => [day, index]));
  const captured = rows.filter(({ day, jobs }) => jobs > 0 && places.has(day));
  const series = (name: Dimension): Series[] => largestOf(captured, (row) => row[name], days);
  const total = days.map(() => 0);
  for (const row of captured) addAt(total, places.get(row.day), row.priceMicros);
  return { days, total, by: { model: series("model"), team: series("team"), key: series("key") } };
}

/** What one row adds to its line. */
export type Captured = Pick<DayRow, "day" | "jobs" | "priceMicros" | "costMicros">;

/** The eight largest lines of what `nameOf` says, by day, and all the others as one. Every row is of one of the days. */
export function largestOf<Row extends Captured>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  days: readonly string[],
): Series[] {
  const places = new Map(days.map((day, index) => [day, index]));
  const lineOf = (name: string | null): Series => {
    return { name, jobs: 0, priceMicros: 0, costMicros: 0, values: days.map(() => 0) };
  };
  const found = new Map<string, Series>();
  for (const row of rows) {
    const name = nameOf(row);
    const line = found.get(name) ?? lineOf(name);
    found.set(name, line);
    addSums(line, row);
    addAt(line.values, places.get(row.day), row.priceMicros);
  }
  const sorted = [...found.values()].toSorted(largestFirst);
  const rest = sorted.slice(SERIES_MAX);
  if (rest.length === 0) return sorted;
  const others = lineOf(null);
  for (const line of rest) {
    addSums(others, line);
    for (const [index, value] of line.values.entries()) addAt(others.values, index, value);
  }
  return [...sorted.slice(0, SERIES_MAX), others];
}

function addSums(line: Series, { jobs, priceMicros, costMicros }: Omit<Captured, "day">): void {
  line.jobs += jobs;
  line.priceMicros += priceMicros;
  line.costMicros += costMicros;
}

const largestFirst = (a: Series, b: Series): number =>
  b.priceMicros - a.priceMicros || ((a.name ?? "") < (b.name ?? "") ? -1 : 1);

function addAt(values: number[], index: number | undefined, micros: number): void {
  if (index !== undefined) values[index] = (values[index] ?? 0) + micros;
}

/** The span of days that an overview has to read for all of these. */
export const spanToRead = (periods: Periods, chart: { from: string; to: string }): { from: string; to: string } => ({
  from: [periods.before.from, periods.recent, addDays(periods.today, -7), chart.from].toSorted()[0] ?? chart.from,
  to: chart.to > periods.today ? chart.to : periods.today,
});
