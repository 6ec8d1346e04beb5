import { expect, test } from "vitest";
import {
  admits,
  afterSubmit,
  BOUND_MIN,
  LATE_MS,
  unloaded,
  type SubmitBound,
} from "../../../src/gateway/submit-bound.ts";

const MAX = 400;

const take = (state: SubmitBound, times: number): SubmitBound =>
  Array.from({ length: times }).reduce<SubmitBound>((s) => afterSubmit(s, { kind: "taken" }, MAX), state);

const answer = (state: SubmitBound, overMs: number, now: number): SubmitBound =>
  afterSubmit(state, { kind: "answered", overMs, now }, MAX);

const full = take(unloaded(MAX), MAX);

test("so many are taken and no more, and an answer makes room for one", () => {
  expect(admits(take(unloaded(MAX), MAX - 1))).toBe(true);
  expect(admits(full)).toBe(false);
  expect(admits(answer(full, 0, 0))).toBe(true);
});

test("one of which nobody hears any more makes room, and says nothing of how long submits take", () => {
  const lowered = answer(full, LATE_MS + 1, 10_000);
  expect(afterSubmit(lowered, { kind: "lost" }, MAX)).toEqual({ ...lowered, inHand: lowered.inHand - 1 });
  expect(afterSubmit(take(unloaded(MAX), 1), { kind: "lost" }, MAX)).toEqual(unloaded(MAX));
});

test("WaveSpeed's whole time is no lateness: as many go on", () => {
  expect(answer(full, LATE_MS, 0).bound).toBe(MAX);
});

test("a late answer takes a quarter off what was in hand, once in two seconds", () => {
  const late = answer(full, LATE_MS + 1, 10_000);
  expect(late.bound).toBe(300);
  expect(answer(late, LATE_MS + 1, 11_999).bound).toBe(300);
  expect(answer(late, LATE_MS + 1, 12_000).bound).toBe(225);
});

test("where less was in hand than the bound, it is that which was too much", () => {
  expect(answer(take(unloaded(MAX), 60), LATE_MS + 1, 0).bound).toBe(45);
  expect(answer(take(unloaded(MAX), 4), LATE_MS + 1, 0).bound).toBe(BOUND_MIN);
});

test("timely answers bring the bound back, and no further than it was", () => {
  let state = { inHand: 16, bound: 16, loweredAt: 0 };
  const after = (answers: number): number => {
    for (let n = 0; n < answers; n++) state = take(answer(state, -3_900, 10_000), 1);
    return state.bound;
  };
  expect(after(4)).toBe(17);
  expect(after(4 * MAX)).toBe(MAX);
});

test("when nothing is in hand an overload is forgotten, also after a late answer", () => {
  expect(answer({ inHand: 1, bound: BOUND_MIN, loweredAt: 5 }, LATE_MS + 1, 10_000)).toEqual(unloaded(MAX));
});

test("a configured bound below the least one holds", () => {
  const state = { inHand: 3, bound: 3, loweredAt: -Infinity };
  expect(afterSubmit(state, { kind: "answered", overMs: LATE_MS + 1, now: 0 }, 3).bound).toBe(3);
});
