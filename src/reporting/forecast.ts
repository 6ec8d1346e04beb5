import { addDays, daysApart } from "./calendar.ts";
import type { DayRow, DayRows } from "./day-rows.ts";

const PACE_DAYS = 7;
const PACE_DAYS_MIN = 3;
const DAY_MS = 86_400_000;

/**
 * What jobs that `fits` says yes to come to in a day, in micro-dollars: the mean of the 7 whole days before today, or of
 * those since the first job, if they are 3 at least. Null: there is too little to tell by.
 */
export function dailyPace(
  { rows, wholeFrom }: DayRows,
  today: string,
  fits: (row: DayRow) => boolean = () => true,
): number | null {
  const since = addDays(today, -PACE_DAYS);
  if (wholeFrom > since) return null;
  let first = today;
  let micros = 0;
  for (const row of rows) {
    if (row.jobs === 0 || row.day >= today || !fits(row)) continue;
    if (row.day < first) first = row.day;
    if (row.day >= since) micros += row.priceMicros;
  }
  const days = Math.min(PACE_DAYS, daysApart(first, today));
  return days < PACE_DAYS_MIN ? null : micros / days;
}

/**
 * What will have been used when a window ends: what is used now, and the daily pace for the time that is left. A straight
 * line, so it knows nothing of weekends and campaigns. Null: no pace is known, or the window has no end. Never below
 * what is used.
 */
export function forecastMicros(
  usedMicros: number,
  pace: number | null,
  now: number,
  windowEnd: number | null,
): number | null {
  if (pace === null || windowEnd === null) return null;
  return usedMicros + Math.round((pace * Math.max(0, windowEnd - now)) / DAY_MS);
}
