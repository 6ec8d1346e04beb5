const DAY_MS = 86_400_000;

/** A calendar day some days later, or (negative) earlier. Days are YYYY-MM-DD: plain arithmetic, no zone. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** The days from one to another, both included. */
export const daysBetween = (from: string, to: string): string[] =>
  Array.from({ length: Math.max(0, daysApart(from, to) + 1) }, (_, index) => addDays(from, index));

/** How many days later the second is. */
export const daysApart = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The spans of days that an overview sums up. */
export interface Periods {
  today: string;
  month: string;
  /** The month before, and its day of the same number, or its last. */
  before: { from: string; to: string };
  /** The first of the last 30 days, today among them. */
  recent: string;
}

export function periodsOf(today: string): Periods {
  const month = `${today.slice(0, 7)}-01`;
  const lastOfBefore = addDays(month, -1);
  const from = `${lastOfBefore.slice(0, 7)}-01`;
  const same = `${lastOfBefore.slice(0, 7)}-${today.slice(8)}`;
  return { today, month, before: { from, to: same < lastOfBefore ? same : lastOfBefore }, recent: addDays(today, -29) };
}
