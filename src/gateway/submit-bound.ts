/**
 * How many submits of one tenant an isolate works on at once. Late answers lower the bound, timely ones raise it again;
 * what is above it is refused. Times are milliseconds.
 */
export interface SubmitBound {
  inHand: number;
  bound: number;
  /** When it was last lowered. */
  loweredAt: number;
}

/** So much goes on whatever happens: without answers nothing would tell that the overload is over. */
export const BOUND_MIN = 16;

/**
 * An answer is promised a second after `START_WAIT_MS`; one that has used up so much of that second is late. With 500 a
 * WaveSpeed that takes 5 s had 2 in 100 submits refused at 80 a second on a busy machine, though all came in time.
 */
export const LATE_MS = 800;

const LOWERED_TO = 0.75;

/** What is late now was taken before the bound was lowered: that is given time to show. */
const LOWER_EVERY_MS = 2_000;

/** For each timely answer: a quarter more in the time that a submit takes. */
const RAISED_BY = 0.25;

export type SubmitEvent =
  | { kind: "taken" }
  /** Nobody will ever hear of its end. */
  | { kind: "lost" }
  /** `overMs`: more than it may wait for WaveSpeed; below zero it was quicker. */
  | { kind: "answered"; overMs: number; now: number };

/** Of a tenant of which nothing is in hand. That is also how an overload is forgotten. */
export const unloaded = (boundMax: number): SubmitBound => ({ inHand: 0, bound: boundMax, loweredAt: -Infinity });

export const admits = ({ inHand, bound }: SubmitBound): boolean => inHand < bound;

/** What follows from an event, under the most that the configuration allows. */
export function afterSubmit(state: SubmitBound, event: SubmitEvent, boundMax: number): SubmitBound {
  if (event.kind === "taken") return { ...state, inHand: state.inHand + 1 };
  const inHand = state.inHand - 1;
  if (inHand <= 0) return unloaded(boundMax);
  if (event.kind === "lost") return { ...state, inHand };
  const { overMs, now } = event;
  if (overMs <= LATE_MS) return { ...state, inHand, bound: Math.min(boundMax, state.bound + RAISED_BY) };
  if (now - state.loweredAt < LOWER_EVERY_MS) return { ...state, inHand };
  // From what was in hand: a bound that was not reached has not been tried.
  const lowered = Math.max(BOUND_MIN, Math.min(state.bound, state.inHand) * LOWERED_TO);
  return { inHand, bound: Math.min(boundMax, lowered), loweredAt: now };
}
