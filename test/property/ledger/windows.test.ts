import fc from "fast-check";
import { expect, test } from "vitest";
import { windowAt } from "../../../src/ledger/windows.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Havana",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Australia/Lord_Howe",
  "Africa/Cairo",
];
const instant = fc.integer({ min: Date.parse("2024-01-01T00:00:00Z"), max: Date.parse("2032-01-01T00:00:00Z") });
const kind = fc.constantFrom("day" as const, "week" as const, "month" as const);

test("windows tile time: each instant is in its own, and the next begins where it ends", () => {
  fc.assert(
    fc.property(kind, instant, fc.constantFrom(...ZONES), (k, at, zone) => {
      const window = windowAt(k, at, zone);
      const [start, end] = [window.start ?? Number.NaN, window.end ?? Number.NaN];
      expect(start).toBeLessThanOrEqual(at);
      expect(at).toBeLessThan(end);
      expect(windowAt(k, start, zone).id).toBe(window.id);
      expect(windowAt(k, end - 1, zone).id).toBe(window.id);
      expect(windowAt(k, end, zone)).toMatchObject({ start: end });
      expect(windowAt(k, start - 1, zone)).toMatchObject({ end: start });
      // What was asked before does not show in an answer.
      expect(windowAt(k, at, zone)).toEqual(window);
    }),
    { numRuns: 500 },
  );
});
