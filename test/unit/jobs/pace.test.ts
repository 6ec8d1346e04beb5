import { describe, expect, it } from "vitest";
import {
  inStep,
  paceAmong,
  paceOf,
  pollDelayMs,
  progressOf,
  retryDelayMs,
  usualAfter,
  walkDelayMs,
} from "../../../src/jobs/pace.ts";
import type { Config } from "../../../src/config.ts";
import { PACE } from "./job-fixture.ts";

describe("how long a tracker waits", () => {
  it("polls at a twentieth of the running time, within its bounds", () => {
    expect(pollDelayMs(0, PACE)).toBe(2_000);
    expect(pollDelayMs(39_999, PACE)).toBe(2_000);
    expect(pollDelayMs(100_000, PACE)).toBe(5_000);
    expect(pollDelayMs(600_000, PACE)).toBe(30_000);
    expect(pollDelayMs(86_400_000, PACE)).toBe(30_000);
    expect(pollDelayMs(-5_000, PACE)).toBe(2_000);
  });

  it("waits for most of what is left of the usual time, so that the end is seen soon and its wait costs few polls", () => {
    const pace = { ...PACE, usualMs: 120_000 };
    expect([0, 60_000, 90_000, 112_000, 118_000, 120_000, 240_000].map((ms) => pollDelayMs(ms, pace))).toEqual([
      30_000, 30_000, 22_500, 6_000, 2_000, 6_000, 12_000,
    ]);
  });

  it("leaves a task alone until its webhook is late, and then polls it as ever", () => {
    const pace = { ...PACE, usualMs: 120_000, hooks: true };
    expect([0, 90_000, 149_000, 150_000, 240_000].map((ms) => pollDelayMs(ms, pace))).toEqual([
      150_000, 60_000, 2_000, 7_500, 12_000,
    ]);
    expect([0, 2_000, 3_000].map((ms) => pollDelayMs(ms, { ...pace, usualMs: 2_000 }))).toEqual([2_500, 2_000, 2_000]);
    expect(pollDelayMs(590_000, { ...pace, usualMs: 600_000 }), "a lost one costs 30 s at most").toBe(40_000);
    expect(pollDelayMs(0, { ...pace, usualMs: 3_600_000 }), "no longer than three minutes").toBe(180_000);
    expect(pollDelayMs(100_000, { ...pace, usualMs: null }), "nobody knows when to expect it").toBe(5_000);
  });

  it("tells progress in steps of a twentieth, never as done, and nothing while it knows no usual time", () => {
    expect([-1, 0, 5_999, 6_000, 60_000, 119_000, 500_000].map((ms) => progressOf(ms, 120_000))).toEqual([
      0, 0, 0, 0.05, 0.5, 0.95, 0.95,
    ]);
    expect(progressOf(1_000, null)).toBeNull();
  });

  it("learns the usual time, the newest task counting a fifth", () => {
    expect(usualAfter(null, 100_000)).toBe(100_000);
    expect(usualAfter(100_000, 200_000)).toBe(120_000);
  });

  it("waits longer the more jobs share its two connections, but never longer than the longest wait", () => {
    expect([0, 1, 16, 32, 64, 1_000].map((jobs) => paceAmong(jobs, PACE).pollMsMin)).toEqual([
      2_000, 2_000, 2_000, 4_000, 8_000, 30_000,
    ]);
  });

  it("looks in steps of half a second, or of a quarter of the shortest wait", () => {
    const times = [10_000, 10_001, 10_499, 10_500];
    expect(times.map((at) => inStep(at, PACE, 0))).toEqual([10_000, 10_500, 10_500, 10_500]);
    expect(times.map((at) => inStep(at, PACE, 0.5))).toEqual([10_250, 10_250, 10_750, 10_750]);
    expect(inStep(10_001, { ...PACE, pollMsMin: 100 }, 0)).toBe(10_025);
    expect(inStep(10_001, { ...PACE, pollMsMin: 1 }, 0.9)).toBe(10_001);
  });

  it("walks the list a gap apart five times, then ever more seldom", () => {
    const gaps = [0, 4, 5, 6, 7, 8, 500].map((walks) => walkDelayMs(walks, PACE) / PACE.unknownWalkGapMs);
    expect(gaps).toEqual([1, 1, 2, 4, 8, 16, 16]);
  });

  it("doubles its retries up to ten times the longest wait, for any number of attempts", () => {
    expect([0, 1, 2, 3, 7].map((n) => retryDelayMs(n, PACE))).toEqual([2_000, 4_000, 8_000, 16_000, 256_000]);
    expect(retryDelayMs(8, PACE)).toBe(300_000);
    expect(retryDelayMs(5_000, PACE)).toBe(300_000);
  });

  it("looks for a lost task first after the shorter of send limit and walk gap", () => {
    const config = { submitMsMax: 60_000, pollMsMin: 1, pollMsMax: 2, unknownWalkGapMs: 5_000 } as Config;
    expect(paceOf(config)).toMatchObject({ unknownFirstMs: 5_000, submitMsMax: 60_000 });
    expect(paceOf({ ...config, unknownWalkGapMs: 120_000 }).unknownFirstMs).toBe(60_000);
  });
});
