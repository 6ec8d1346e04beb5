const HOUR_MS = 3_600_000;

/** How far the clocks of the world are behind UTC and ahead of it, and were since 1970. A test asks every zone. */
const BEHIND_MS = 12 * HOUR_MS;
const AHEAD_MS = 14 * HOUR_MS;

/** Days of five-digit years do not sort among the others. */
const LAST_MS = Date.UTC(9999, 11, 31, 23);

/**
 * The first and the last day, YYYY-MM-DD, that an instant from `first` on and before `end` can bear in any time zone: D1 REPORT
 * knows the days that a ledger named, and not by which zone. Epoch ms.
 */
export const localDaysOf = (first: number, end: number): { from: string; to: string } => ({
  from: utcDay(first - BEHIND_MS),
  to: utcDay(end - 1 + AHEAD_MS),
});

/** The first instant after which no zone has a day before this one. */
export const begunEverywhere = (day: string): number => Date.parse(day) + BEHIND_MS;

const utcDay = (at: number): string => new Date(Math.min(at, LAST_MS)).toISOString().slice(0, 10);
