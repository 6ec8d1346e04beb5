import { describe, expect, test } from "vitest";
import { gcra, RATE_MAX, rateStanding, type ArrivalTime, type RateLimit } from "../../../src/ledger/gcra.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const LIMIT: RateLimit = { perMinute: 60, burst: 3 };

/** The state that so many requests leave, all of them allowed. */
function after(count: number, limit = LIMIT, nowMs = NOW): ArrivalTime | null {
  let state: ArrivalTime | null = null;
  for (let i = 0; i < count; i++) {
    const decision = gcra(state, limit, nowMs);
    if (!decision.allowed) throw new Error(`refused at ${i}`);
    state = decision.tat;
  }
  return state;
}

describe("a burst, then the rate", () => {
  test("the first request of all is allowed and counted", () => {
    expect(gcra(null, LIMIT, NOW)).toEqual({
      allowed: true,
      tat: { ms: NOW + 1000, parts: 0, perMinute: 60 },
      remaining: 2,
      resetMs: 1000,
    });
  });

  test("the burst is used up and the next one is told when to come", () => {
    expect(gcra(after(3), LIMIT, NOW)).toEqual({ allowed: false, retryAfterMs: 1000, remaining: 0, resetMs: 3000 });
  });

  test("one is free after each interval", () => {
    const state = after(3);
    expect(gcra(state, LIMIT, NOW + 999)).toMatchObject({ allowed: false, retryAfterMs: 1 });
    expect(gcra(state, LIMIT, NOW + 1000)).toMatchObject({ allowed: true, remaining: 0, resetMs: 3000 });
  });

  test("idle time does not pile up beyond the burst", () => {
    expect(gcra(after(3), LIMIT, NOW + 86_400_000)).toMatchObject({ allowed: true, remaining: 2 });
  });

  test("a burst of one spaces requests evenly", () => {
    const limit = { perMinute: 1, burst: 1 };
    expect(gcra(after(1, limit), limit, NOW)).toMatchObject({ allowed: false, retryAfterMs: 60_000 });
  });

  test("an interval that is no whole number of ms keeps its fraction", () => {
    const limit = { perMinute: 7, burst: 1 };
    expect(after(1, limit)).toEqual({ ms: NOW + 8571, parts: 3, perMinute: 7 });
    expect(gcra(after(1, limit), limit, NOW)).toMatchObject({ allowed: false, retryAfterMs: 8572 });
  });
});

describe("looking at a limit", () => {
  test("an idle one is whole", () => {
    expect(rateStanding(null, LIMIT, NOW)).toEqual({ remaining: 3, resetMs: 0, retryAfterMs: 0 });
  });

  test("one of two limits refuses, and the other has lost nothing", () => {
    const wide: RateLimit = { perMinute: 600, burst: 100 };
    const state = after(5, wide);
    expect(gcra(state, wide, NOW).allowed).toBe(true);
    expect(gcra(after(3), LIMIT, NOW).allowed).toBe(false);
    expect(rateStanding(state, wide, NOW).remaining).toBe(95);
  });
});

describe("a limit that is changed under a stored time", () => {
  test("a smaller burst waits until its own backlog is worked off", () => {
    expect(gcra(after(3), { perMinute: 60, burst: 1 }, NOW)).toEqual({
      allowed: false,
      retryAfterMs: 3000,
      remaining: 0,
      resetMs: 3000,
    });
  });

  test("a larger burst is there at once", () => {
    expect(gcra(after(3), { perMinute: 60, burst: 10 }, NOW)).toMatchObject({ allowed: true, remaining: 6 });
  });

  test("another rate rounds the fraction up, never down", () => {
    const state = after(1, { perMinute: 7, burst: 1 });
    expect(rateStanding(state, { perMinute: 2, burst: 1 }, NOW)).toMatchObject({ retryAfterMs: 8572 });
  });
});

describe("what cannot be counted exactly is a bug", () => {
  test.each([
    { perMinute: 0, burst: 1 },
    { perMinute: 1, burst: 0 },
    { perMinute: 1.5, burst: 1 },
    { perMinute: 1, burst: Number.NaN },
    { perMinute: RATE_MAX + 1, burst: 1 },
    { perMinute: 1, burst: RATE_MAX + 1 },
  ])("$perMinute a minute, burst $burst", (limit) => {
    expect(() => gcra(null, limit, NOW)).toThrow(RangeError);
  });

  test.each([NOW + 0.5, Number.NaN, -1])("at %d", (nowMs) => {
    expect(() => gcra(null, LIMIT, nowMs)).toThrow(RangeError);
  });

  test("a clock that is decades off, at the highest rate", () => {
    const limit = { perMinute: RATE_MAX, burst: RATE_MAX };
    expect(gcra(after(1, limit), limit, NOW - 4 * 365 * 86_400_000).allowed).toBe(false);
    expect(() => gcra(after(1, limit), limit, 0)).toThrow(RangeError);
  });
});
