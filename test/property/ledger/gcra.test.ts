import fc from "fast-check";
import { expect, test } from "vitest";
import { gcra, rateStanding, type ArrivalTime, type RateLimit } from "../../../src/ledger/gcra.ts";

const START = Date.parse("2026-11-21T12:00:00Z");
const MINUTE_MS = 60_000;

const limits: fc.Arbitrary<RateLimit> = fc.record({
  perMinute: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 60_000 })),
  burst: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 60 })),
});
/** Time between requests: often none, often about one interval, seldom long. */
const steps = fc.array(fc.oneof(fc.constant(0), fc.nat(50), fc.nat(2000), fc.nat(120_000)), { maxLength: 150 });
const jumps = fc.array(fc.oneof(fc.nat(500), fc.integer({ min: -60_000, max: 60_000 })), { maxLength: 150 });

/** The instants (ms after START) of `gaps`, with what was decided at each. */
function run(limit: RateLimit, gaps: readonly number[]): { at: number; allowed: boolean }[] {
  let at = 600_000;
  let state: ArrivalTime | null = null;
  return gaps.map((gap) => {
    at = Math.max(0, at + gap);
    const decision = gcra(state, limit, START + at);
    if (decision.allowed) state = Object.freeze(decision.tat);
    return { at, allowed: decision.allowed };
  });
}

const mostIn = (limit: RateLimit, spanMs: number): number =>
  limit.burst + Math.floor((spanMs * limit.perMinute) / MINUTE_MS);

/** A state that some traffic left, and an instant at or after it. */
const reached = fc.tuple(limits, steps, fc.nat(3000)).map(([limit, gaps, later]) => {
  let state: ArrivalTime | null = null;
  let nowMs = START;
  for (const gap of gaps) {
    nowMs += gap;
    const decision = gcra(state, limit, nowMs);
    if (decision.allowed) state = Object.freeze(decision.tat);
  }
  return { limit, state, nowMs: nowMs + later };
});

test("an idle limit allows exactly its burst at one instant", () => {
  fc.assert(
    fc.property(limits, ({ perMinute, burst }) => {
      const decisions = run({ perMinute, burst }, Array<number>(burst + 5).fill(0));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(burst);
      expect(decisions.slice(0, burst).every(({ allowed }) => allowed)).toBe(true);
    }),
  );
});

test("no span of time ever sees more than the burst and what the rate gives in it", () => {
  fc.assert(
    fc.property(limits, steps, (limit, gaps) => {
      const admitted = run(limit, gaps).flatMap(({ at, allowed }) => (allowed ? [at] : []));
      admitted.forEach((first, i) => {
        admitted.slice(i).forEach((last, more) => {
          expect(more + 1).toBeLessThanOrEqual(mostIn(limit, last - first));
        });
      });
    }),
  );
});

test("a clock that jumps about gives no more than one that goes from its lowest to its highest", () => {
  fc.assert(
    fc.property(limits, jumps, (limit, gaps) => {
      const admitted = run(limit, gaps).flatMap(({ at, allowed }) => (allowed ? [at] : []));
      fc.pre(admitted.length > 0);
      expect(admitted.length).toBeLessThanOrEqual(mostIn(limit, Math.max(...admitted) - Math.min(...admitted)));
    }),
  );
});

test("going back never frees a request", () => {
  fc.assert(
    fc.property(reached, fc.nat(100_000), ({ limit, state, nowMs }, back) => {
      const before = rateStanding(state, limit, nowMs - back);
      expect(before.remaining).toBeLessThanOrEqual(rateStanding(state, limit, nowMs).remaining);
    }),
  );
});

test("a request fits at the retry that a refusal names, and not one millisecond earlier", () => {
  fc.assert(
    fc.property(reached, ({ limit, state, nowMs }) => {
      const decision = gcra(state, limit, nowMs);
      fc.pre(!decision.allowed);
      expect(decision.retryAfterMs).toBeGreaterThan(0);
      expect(gcra(state, limit, nowMs + decision.retryAfterMs).allowed).toBe(true);
      expect(gcra(state, limit, nowMs + decision.retryAfterMs - 1).allowed).toBe(false);
    }),
  );
});

test("the burst is whole at the reset, and not one millisecond earlier", () => {
  fc.assert(
    fc.property(reached, ({ limit, state, nowMs }) => {
      const { resetMs, remaining } = rateStanding(state, limit, nowMs);
      expect(rateStanding(state, limit, nowMs + resetMs)).toEqual({
        remaining: limit.burst,
        resetMs: 0,
        retryAfterMs: 0,
      });
      if (resetMs > 0) expect(rateStanding(state, limit, nowMs + resetMs - 1).remaining).toBeLessThan(limit.burst);
      else expect(remaining).toBe(limit.burst);
    }),
  );
});

test("as many as remain are allowed now, and no more; looking changes nothing", () => {
  fc.assert(
    fc.property(reached, ({ limit, state, nowMs }) => {
      const { remaining } = rateStanding(state, limit, nowMs);
      let last = state;
      for (let left = remaining; left > 0; left--) {
        const decision = gcra(last, limit, nowMs);
        if (!decision.allowed) throw new Error(`refused with ${left} left`);
        expect(decision.remaining).toBe(left - 1);
        expect(rateStanding(decision.tat, limit, nowMs)).toMatchObject({
          remaining: left - 1,
          resetMs: decision.resetMs,
        });
        last = decision.tat;
      }
      expect(gcra(last, limit, nowMs).allowed).toBe(false);
    }),
  );
});

test("it decides as exact fractions do", () => {
  fc.assert(
    fc.property(limits, jumps, (limit, gaps) => {
      // Times in units of 1/perMinute ms, whole and of any size.
      const rate = BigInt(limit.perMinute);
      let tat = 0n;
      for (const { at, allowed } of run(limit, gaps)) {
        const now = BigInt(START + at) * rate;
        const begin = tat > now ? tat : now;
        expect(allowed).toBe(begin - now <= BigInt(limit.burst - 1) * 60_000n);
        if (allowed) tat = begin + 60_000n;
      }
    }),
  );
});

test("a caller that never stops gets the rate to the request: no rounding adds up", () => {
  fc.assert(
    fc.property(limits, ({ perMinute, burst }) => {
      const limit = { perMinute, burst };
      let state: ArrivalTime | null = null;
      let nowMs = START;
      for (let count = 1; count <= 2000; count++) {
        const decision = gcra(state, limit, nowMs);
        if (decision.allowed) state = decision.tat;
        else {
          nowMs += decision.retryAfterMs;
          const retried = gcra(state, limit, nowMs);
          if (!retried.allowed) throw new Error("refused at its retry");
          state = retried.tat;
          // A burst of one saves nothing up, not even the rest of a millisecond.
          const exact =
            burst === 1
              ? (count - 1) * Math.ceil(MINUTE_MS / perMinute)
              : Math.ceil(((count - burst) * MINUTE_MS) / perMinute);
          expect(nowMs - START).toBe(exact);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test("a changed limit never allows more than the new one would from idle", () => {
  fc.assert(
    fc.property(reached, limits, ({ state, nowMs }, changed) => {
      const { remaining } = rateStanding(state, changed, nowMs);
      expect(remaining).toBeLessThanOrEqual(changed.burst);
      expect(rateStanding(state, changed, nowMs).resetMs).toBeGreaterThanOrEqual(
        state === null ? 0 : Math.max(0, state.ms - nowMs),
      );
    }),
  );
});
