import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pickRate, type RateVersion } from "../../../src/money/index.ts";
import {
  ageOf,
  CLOCK_SKEW_MS,
  nextRate,
  PENDING_VERSIONS_MAX,
  planVersion,
  SETTINGS_FRESH_MS,
  SETTINGS_LEAD_MS,
  versionsInPlay,
  type PriceProposal,
} from "../../../src/settings/rules.ts";

const NOW = 1_800_000_000_000;

const rate = (version: number, effectiveFrom: number): RateVersion => ({
  model: "a/b",
  version,
  unit: "second",
  unitMicros: 260_000,
  effectiveFrom,
  confirmed: false,
  source: "test",
});

const proposal = (effectiveFrom: number | null): PriceProposal => ({
  model: "a/b",
  unit: "second",
  unitMicros: 300_000,
  effectiveFrom,
  source: "test",
});

test("a copy is fresh under 30 s, usable under 10 minutes, then stale", () => {
  expect([0, 29_999, 30_000, 599_999, 600_000].map((age) => ageOf(NOW, NOW + age))).toEqual([
    "fresh",
    "fresh",
    "usable",
    "usable",
    "stale",
  ]);
});

test("the lead of a change is longer than a copy stays fresh", () => {
  expect(SETTINGS_LEAD_MS).toBeGreaterThan(SETTINGS_FRESH_MS);
});

describe("a new version", () => {
  test("begins at the lead unless a later time is given, and counts on", () => {
    const planned = planVersion([rate(1, 0)], proposal(null), NOW, 60_000);
    expect(planned).toMatchObject({ ok: true, value: { version: 2, effectiveFrom: NOW + 60_000, confirmed: false } });
    const later = planVersion([rate(1, 0), rate(7, NOW)], proposal(NOW + 90_000), NOW, 60_000);
    expect(later).toMatchObject({ ok: true, value: { version: 8, effectiveFrom: NOW + 90_000 } });
  });

  test("is refused a millisecond before the lead", () => {
    expect(planVersion([rate(1, 0)], proposal(NOW + 60_000), NOW, 60_000).ok).toBe(true);
    const refused = planVersion([rate(1, 0)], proposal(NOW + 59_999), NOW, 60_000);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "invalid_request", issues: [{ field: "effective_from" }] },
    });
  });

  test("of an unpriced model may begin now, is never version 1, and does not begin in the past", () => {
    expect(planVersion([], proposal(null), NOW, 60_000)).toMatchObject({
      ok: true,
      value: { version: 2, effectiveFrom: NOW },
    });
    expect(planVersion([], proposal(NOW - 1), NOW, 60_000).ok).toBe(false);
  });

  test("is refused where ten wait already", () => {
    const waiting = Array.from({ length: PENDING_VERSIONS_MAX }, (_, index) => rate(index + 2, NOW + 1 + index));
    expect(planVersion([rate(1, 0), ...waiting], proposal(null), NOW, 60_000)).toMatchObject({
      error: { code: "conflict" },
    });
    expect(planVersion([rate(1, 0), ...waiting.slice(1)], proposal(null), NOW, 60_000).ok).toBe(true);
  });
});

describe("versions in play", () => {
  test("are the one before, the current and the next, oldest first", () => {
    const all = [rate(1, 0), rate(2, NOW - 1_000), rate(3, NOW + 5_000), rate(4, NOW + 9_000)];
    expect(versionsInPlay(all, NOW).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(versionsInPlay(all, NOW + CLOCK_SKEW_MS + 9_000).map(({ version }) => version)).toEqual([4]);
  });

  test("pass over a version that a newer one overtakes", () => {
    const all = [rate(1, 0), rate(2, NOW + 9_000), rate(3, NOW + 5_000)];
    expect(nextRate(all, NOW)?.version).toBe(3);
    expect(nextRate(all, NOW + 6_000)).toBeUndefined();
    expect(nextRate([rate(1, 0), rate(2, NOW + 5_000), rate(3, NOW + 5_000)], NOW)?.version).toBe(3);
  });

  test("hold what any clock within a minute picks of all versions, until the next price but one", () => {
    const versions = fc
      .uniqueArray(fc.integer({ min: 2, max: 20 }), { maxLength: 8 })
      .chain((numbers) =>
        fc.tuple(
          ...numbers.map((version) => fc.integer({ min: -200_000, max: 200_000 }).map((at) => rate(version, NOW + at))),
        ),
      );
    fc.assert(
      fc.property(versions, fc.integer({ min: 0, max: CLOCK_SKEW_MS }), (extra, ahead) => {
        const all = [rate(1, 0), ...extra];
        const inPlay = versionsInPlay(all, NOW);
        expect(inPlay.length).toBeLessThanOrEqual(3);
        expect(pickRate(inPlay, NOW)).toEqual(pickRate(all, NOW));
        expect(pickRate(inPlay, NOW - CLOCK_SKEW_MS)).toEqual(pickRate(all, NOW - CLOCK_SKEW_MS));
        const next = nextRate(all, NOW);
        const soon = Math.min(NOW + ahead, next?.effectiveFrom ?? Infinity);
        expect(pickRate(inPlay, soon)).toEqual(pickRate(all, soon));
      }),
    );
  });
});
