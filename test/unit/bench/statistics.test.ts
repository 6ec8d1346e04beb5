import { expect, test } from "vitest";
import { figuresOf, firstFailure } from "../../../bench/load/figures.ts";
import type { Reply } from "../../../bench/load/order.ts";
import { overheadOf } from "../../../bench/overhead/measure.ts";
import { quantile, spread } from "../../../bench/statistics.ts";
import { inTurns } from "../../../bench/turns.ts";

const reply = (latencyMs: number, status = 200): Reply => ({
  status,
  sent: true,
  latencyMs,
  serviceMs: latencyMs,
  retryAfter: null,
  text: status === 200 ? "" : "said why",
});

test("a quantile is a value that was measured, and none of none", () => {
  const values = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect([0, 0.5, 0.99, 1].map((share) => quantile(values, share))).toEqual([1, 50, 99, 100]);
  expect(quantile([], 0.5)).toBeNaN();
});

test("a spread is of the rounds, whatever their order", () => {
  expect(spread([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
});

test("only what was answered with 200 has a latency; the rest has failed, and says why", () => {
  const replies = [reply(1), reply(2), reply(3), reply(9_000, 503), reply(5, 0)];
  expect(figuresOf({ replies, seconds: 2 })).toEqual({ p50: 2, p95: 3, p99: 3, perSecond: 1.5, failed: 2 });
  expect(firstFailure(replies)).toBe("503: said why");
  expect(firstFailure([reply(1)])).toBeNull();
});

test("what a way adds is taken from the direct one of the same round", () => {
  const round = (p50: number, perSecond: number) => ({ p50, p95: p50, p99: p50, perSecond, failed: 0 });
  const direct = [round(20, 1_000), round(30, 500)];
  const overhead = overheadOf("way", 4, [round(21, 500), round(33, 400)], direct);
  expect(overhead.addedP50).toEqual({ min: 1, median: 1, max: 3 });
  expect(overhead.ofDirect).toEqual({ min: 0.5, median: 0.5, max: 0.8 });
});

test("each round begins with another subject, and each subject has each round", async () => {
  const order: string[] = [];
  const measured = await inTurns(["a", "b", "c"], 3, async (subject, round) => order.push(`${subject}${round}`));
  expect(order).toEqual(["a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2"]);
  expect(measured.map((rounds) => rounds.length)).toEqual([3, 3, 3]);
});
