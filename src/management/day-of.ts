import { localDay, windowAt } from "../ledger/windows.ts";

const HALF_DAY_MS = 43_200_000;

/** A tenant's local day (YYYY-MM-DD), in epoch ms; `end` is the next one's beginning. */
export function dayOf(day: string, timeZone: string): { start: number; end: number } {
  // Noon of that date, in whatever zone, is on it or beside it: the window whose day it is is looked for.
  const noon = Date.parse(`${day}T12:00:00Z`);
  for (const at of [noon, noon - HALF_DAY_MS, noon + HALF_DAY_MS]) {
    if (localDay(at, timeZone) !== day) continue;
    const { start, end } = windowAt("day", at, timeZone);
    if (start !== null && end !== null) return { start, end };
  }
  // A day that a zone left out, crossing the date line: nothing was on it.
  return { start: noon, end: noon };
}
