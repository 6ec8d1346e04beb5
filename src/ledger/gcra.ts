/**
 * The generic cell rate algorithm (ITU-T I.371): `burst` requests at once, then one every
 * 60,000 / perMinute ms. Both are integers from 1 to RATE_MAX.
 */
export interface RateLimit {
  perMinute: number;
  burst: number;
}

/**
 * All that is remembered of a limit: the theoretical arrival time, when its whole burst is free
 * again. It is `ms` (epoch) plus `parts` / `perMinute` of one ms, so that no rounding adds up.
 * `perMinute` is the rate it was written under: a limit may be changed under a stored time.
 */
export interface ArrivalTime {
  ms: number;
  parts: number;
  perMinute: number;
}

/** How a limit stands. Spans, not instants: `resetMs` until the burst is whole, `retryAfterMs` until one more fits. */
export interface RateStanding {
  remaining: number;
  resetMs: number;
  /** 0 where a request fits now. Exact: one ms earlier it is still refused. */
  retryAfterMs: number;
}

export type RateDecision =
  | { allowed: true; tat: ArrivalTime; remaining: number; resetMs: number }
  | { allowed: false; retryAfterMs: number; remaining: 0; resetMs: number };

/**
 * Of the rate and of the burst: one request a ms, which is as fine as the clock. It keeps every
 * product below 2^53 for clocks that agree within four years.
 */
export const RATE_MAX = 60_000;

/** Integer parts of time: 1 ms is `perMinute` of them, so that one request is always this many. */
const PARTS_PER_REQUEST = 60_000;

/**
 * Decides on one request at `nowMs` (epoch ms). `state` is what the last allowed request left;
 * null: there was none. It consumes nothing by itself: to put a request under several limits,
 * decide all of them first, and store each `tat` only where all allowed.
 *
 * In any span of t ms at most burst + floor(t * perMinute / 60,000) are allowed. A clock that goes
 * back finds the arrival time further away, so it never gives extra. A burst of 1 saves nothing
 * up, so its requests are a whole number of ms apart. Throws RangeError on a limit or a time that
 * would not be counted exactly.
 */
export function gcra(state: ArrivalTime | null, limit: RateLimit, nowMs: number): RateDecision {
  const standing = rateStanding(state, limit, nowMs);
  if (standing.retryAfterMs > 0) {
    return { allowed: false, retryAfterMs: standing.retryAfterMs, remaining: 0, resetMs: standing.resetMs };
  }
  const parts = backlogParts(state, limit, nowMs) + PARTS_PER_REQUEST;
  const ms = nowMs + Math.floor(parts / limit.perMinute);
  return {
    allowed: true,
    tat: { ms, parts: parts % limit.perMinute, perMinute: limit.perMinute },
    remaining: standing.remaining - 1,
    resetMs: Math.ceil(parts / limit.perMinute),
  };
}

/** How a limit stands at `nowMs` with no request made. Throws as `gcra` does. */
export function rateStanding(state: ArrivalTime | null, limit: RateLimit, nowMs: number): RateStanding {
  const backlog = backlogParts(state, limit, nowMs);
  const free = limit.burst * PARTS_PER_REQUEST - backlog;
  return {
    remaining: Math.max(0, Math.floor(free / PARTS_PER_REQUEST)),
    resetMs: Math.ceil(backlog / limit.perMinute),
    retryAfterMs: Math.max(0, Math.ceil((PARTS_PER_REQUEST - free) / limit.perMinute)),
  };
}

/** From now to the arrival time, in parts; 0 once it has passed. */
function backlogParts(state: ArrivalTime | null, limit: RateLimit, nowMs: number): number {
  assertWithin(limit.perMinute, 1, RATE_MAX);
  assertWithin(limit.burst, 1, RATE_MAX);
  assertWithin(nowMs, 0, Number.MAX_SAFE_INTEGER);
  // Long past: nothing is owed, and the products below stay exact however long nobody came.
  if (state === null || state.ms < nowMs) return 0;
  const parts = (state.ms - nowMs) * limit.perMinute + partsAtRate(state, limit.perMinute);
  assertWithin(Math.abs(parts), 0, Number.MAX_SAFE_INTEGER);
  return Math.max(0, parts);
}

/** The part of a ms at another rate, rounded up: a changed limit never gives extra. */
const partsAtRate = (state: ArrivalTime, perMinute: number): number =>
  state.perMinute === perMinute ? state.parts : Math.ceil((state.parts * perMinute) / state.perMinute);

function assertWithin(value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`not a whole number from ${min} to ${max}: ${value}`);
  }
}
