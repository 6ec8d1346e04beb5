import { windowAt } from "../ledger/windows.ts";

/** A month of a tenant's calendar: its local days, both included, and its bounds in epoch ms. */
export interface Month {
  name: string;
  firstDay: string;
  lastDay: string;
  start: number;
  end: number;
}

const MIDDLE = 15;

/** `name`: YYYY-MM. */
export function monthOf(name: string, timeZone: string): Month {
  const year = Number(name.slice(0, 4));
  const month = Number(name.slice(5, 7));
  const { start, end } = windowAt("month", Date.UTC(year, month - 1, MIDDLE), timeZone);
  if (start === null || end === null) throw new Error("a month has an end");
  // The day before the next month's first, in a calendar without zones.
  const lastDay = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return { name, firstDay: `${name}-01`, lastDay, start, end };
}
