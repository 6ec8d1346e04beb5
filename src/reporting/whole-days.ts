import { addDays } from "./calendar.ts";

/** Rows that begin with a local day, YYYY-MM-DD. */
type DayFirst = readonly [string, ...unknown[]];

/**
 * Of rows of days, the newest first, those of days that are there whole: where the limit ended the reading, the oldest day may be a
 * part of itself. `wholeFrom`: from this day on all of the span is there, and nothing else is.
 */
export function wholeDays<Row extends DayFirst>(
  found: readonly Row[],
  from: string,
  rowsMax: number,
): { whole: readonly Row[]; wholeFrom: string } {
  const oldest = found.length === rowsMax ? found.at(-1)?.[0] : undefined;
  if (oldest === undefined) return { whole: found, wholeFrom: from };
  return { whole: found.filter(([day]) => day > oldest), wholeFrom: addDays(oldest, 1) };
}
