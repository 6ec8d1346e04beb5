import type { Mode } from "../ledger/journal-entry.ts";

/** How much the newest start counts. */
const NEWEST_SHARE = 0.2;

/** By mode, since the sandbox answers at once. This isolate's own view: an estimate that only spreads load. */
const lately = new Map<Mode, number>();

/** How long a tracker takes to answer a start, lately, in whole milliseconds; nothing: none was seen yet. */
export function startMs(mode: Mode): { startMs?: number } {
  const ms = lately.get(mode);
  return ms === undefined ? {} : { startMs: Math.round(ms) };
}

/** One more start was answered after so many milliseconds. */
export function noteStart(mode: Mode, ms: number): void {
  const before = lately.get(mode) ?? ms;
  lately.set(mode, before + (ms - before) * NEWEST_SHARE);
}
