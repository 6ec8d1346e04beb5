import { describe, expect, it } from "vitest";
import { paceOf, pollDelayMs, retryDelayMs } from "../../../src/jobs/pace.ts";
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
