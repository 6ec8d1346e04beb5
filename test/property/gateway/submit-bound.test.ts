import fc from "fast-check";
import { expect, test } from "vitest";
import { admits, afterSubmit, BOUND_MIN, LATE_MS, unloaded } from "../../../src/gateway/submit-bound.ts";

const knock = fc.constant({ kind: "knock" } as const);
const answer = (overMs: fc.Arbitrary<number>) =>
  fc.record({ kind: fc.constant("answered" as const), overMs, afterMs: fc.nat(3_000) });

const anyLoad = fc.array(fc.oneof(knock, answer(fc.integer({ min: -4_000, max: 20_000 }))), { maxLength: 400 });
const timelyLoad = fc.array(fc.oneof(knock, answer(fc.integer({ min: -4_000, max: LATE_MS }))), { maxLength: 400 });

type Load = typeof anyLoad extends fc.Arbitrary<infer T> ? T : never;

/** Plays a load at one door, beside a plain count of what is in hand. */
function play(load: Load, boundMax: number, see: (state: ReturnType<typeof unloaded>) => void): void {
  let state = unloaded(boundMax);
  let [inHand, now] = [0, 0];
  for (const event of load) {
    if (event.kind === "answered") {
      now += event.afterMs;
      if (inHand === 0) continue;
      inHand -= 1;
      state = afterSubmit(state, { kind: "answered", overMs: event.overMs, now }, boundMax);
    } else if (admits(state)) {
      inHand += 1;
      state = afterSubmit(state, { kind: "taken" }, boundMax);
    }
    expect(state.inHand).toBe(inHand);
    see(state);
  }
}

test("whatever comes, no more is in hand than allowed, and a few always go on", () => {
  fc.assert(
    fc.property(anyLoad, fc.integer({ min: 1, max: 50 }), (load, boundMax) => {
      play(load, boundMax, (state) => {
        expect(state.inHand).toBeLessThanOrEqual(boundMax);
        expect(state.bound).toBeLessThanOrEqual(boundMax);
        if (state.inHand < Math.min(BOUND_MIN, boundMax)) expect(admits(state)).toBe(true);
      });
    }),
  );
});

test("a load that is answered in time is never refused below what is configured", () => {
  fc.assert(
    fc.property(timelyLoad, fc.integer({ min: 1, max: 50 }), (load, boundMax) => {
      play(load, boundMax, (state) => expect(admits(state)).toBe(state.inHand < boundMax));
    }),
  );
});
