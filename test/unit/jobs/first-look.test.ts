import { describe, expect, it } from "vitest";
import { firstLookAt } from "../../../src/jobs/first-look.ts";
import type { Pace } from "../../../src/jobs/pace.ts";

const NOW = 1_000_000_000;
const PACE: Pace = {
  submitMsMax: 60_000,
  pollMsMin: 2_000,
  pollMsMax: 30_000,
  unknownWalkGapMs: 120_000,
  usualMs: 120_000,
  hooks: true,
  unknownFirstMs: 60_000,
};

describe("a new job's alarm", () => {
  it("is set for the first poll of one that is sent now, past its POST's limit if webhooks tell of ends", () => {
    const sent = { state: "submitting" as const, nextAt: NOW + PACE.submitMsMax };
    expect(firstLookAt(sent, NOW, PACE)).toBe(NOW + 150_000);
    expect(firstLookAt(sent, NOW, { ...PACE, usualMs: null })).toBe(NOW + PACE.pollMsMin);
  });

  it("comes within three minutes, however long tasks run: an instance that died with the job is found out", () => {
    const sent = { state: "submitting" as const, nextAt: NOW + PACE.submitMsMax };
    expect(firstLookAt(sent, NOW, { ...PACE, usualMs: 86_400_000 })).toBe(NOW + 180_000);
  });

  it("is not put off for one that waits", () => {
    expect(firstLookAt({ state: "queued", nextAt: NOW + 500 }, NOW, PACE)).toBe(NOW + 500);
    expect(firstLookAt({ state: "queued", nextAt: null }, NOW, PACE)).toBe(NOW + PACE.pollMsMin);
  });
});
