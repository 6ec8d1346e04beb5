const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after each attempt that failed, over 3 days in all; after one more there is none. */
export const RETRY_MS: readonly number[] = [
  10_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  ...Array.from({ length: 11 }, () => 6 * HOUR_MS),
];

/** A receiver may ask for this much patience. */
export const RETRY_AFTER_MS_MAX = 6 * HOUR_MS;

/** Each wait is longer by up to this share, so that what failed together does not come back together. */
const JITTER_SHARE = 0.1;

/** A round of tries never takes longer, however few of them had their turn. */
export const ROUND_MS_MAX = 96 * HOUR_MS;

/**
 * Until the next attempt, after so many in this round (at least 1); null: there is none. `chance`: 0 to 1.
 * What the receiver asked for counts if it is longer, and not longer than it may ask.
 */
export function retryDelayMs(tries: number, retryAfterMs: number | null, chance: number): number | null {
  const wait = RETRY_MS[tries - 1];
  if (wait === undefined) return null;
  return Math.max(Math.round(wait * (1 + JITTER_SHARE * chance)), Math.min(retryAfterMs ?? 0, RETRY_AFTER_MS_MAX));
}

/** What a `retry-after` asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). Null: nothing that can be read. */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) || at < now ? null : at - now;
}
