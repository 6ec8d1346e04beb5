import { describe, expect, test } from "vitest";
import { isTimeZone, localDay, windowAt } from "../../../src/ledger/windows.ts";

const at = (text: string): number => Date.parse(text);
const bounds = (kind: "day" | "week" | "month", instant: string, zone: string): (string | null)[] => {
  const window = windowAt(kind, at(instant), zone);
  return [window.start, window.end].map((ms) => (ms === null ? null : new Date(ms).toISOString()));
};

describe("a window is computed from the time of admission and the tenant's zone", () => {
  test("a total window has no bounds", () => {
    expect(windowAt("total", at("2026-11-21T00:00:00Z"), "UTC")).toEqual({ id: "total", start: null, end: null });
  });

  test("a day in UTC", () => {
    expect(bounds("day", "2026-11-21T23:59:59.999Z", "UTC")).toEqual([
      "2026-11-21T00:00:00.000Z",
      "2026-11-22T00:00:00.000Z",
    ]);
  });

  test("a week begins on Monday", () => {
    expect(bounds("week", "2026-11-22T12:00:00Z", "UTC")).toEqual([
      "2026-11-16T00:00:00.000Z",
      "2026-11-23T00:00:00.000Z",
    ]);
    expect(bounds("week", "2026-11-23T00:00:00Z", "UTC")).toEqual([
      "2026-11-23T00:00:00.000Z",
      "2026-11-30T00:00:00.000Z",
    ]);
  });

  test("a month has its own length, and December ends in the next year", () => {
    expect(bounds("month", "2028-02-29T12:00:00Z", "UTC")).toEqual([
      "2028-02-01T00:00:00.000Z",
      "2028-03-01T00:00:00.000Z",
    ]);
    expect(bounds("month", "2026-12-31T12:00:00Z", "UTC")).toEqual([
      "2026-12-01T00:00:00.000Z",
      "2027-01-01T00:00:00.000Z",
    ]);
  });

  test("a spring day of 23 hours and an autumn day of 25", () => {
    expect(bounds("day", "2026-03-29T12:00:00Z", "Europe/Berlin")).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
    expect(bounds("day", "2026-10-25T12:00:00Z", "Europe/Berlin")).toEqual([
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
    ]);
  });

  test("a day that begins at one o'clock, where clocks change at midnight", () => {
    // Beirut, 2026-03-29: 00:00 becomes 01:00.
    expect(bounds("day", "2026-03-29T12:00:00Z", "Asia/Beirut")).toEqual([
      "2026-03-28T22:00:00.000Z",
      "2026-03-29T21:00:00.000Z",
    ]);
  });

  test("the hour that a midnight change repeats belongs to the day before", () => {
    // Havana, 2026-11-01: 01:00 becomes 00:00 again, so its day has 25 hours.
    expect(bounds("day", "2026-11-01T12:00:00Z", "America/Havana")).toEqual([
      "2026-11-01T04:00:00.000Z",
      "2026-11-02T05:00:00.000Z",
    ]);
  });

  test("zones with quarter hours", () => {
    expect(bounds("day", "2026-11-21T00:00:00Z", "Asia/Kathmandu")).toEqual([
      "2026-11-20T18:15:00.000Z",
      "2026-11-21T18:15:00.000Z",
    ]);
    expect(localDay(at("2026-11-20T18:15:00Z"), "Asia/Kathmandu")).toBe("2026-11-21");
    expect(localDay(at("2026-11-20T18:14:59Z"), "Asia/Kathmandu")).toBe("2026-11-20");
  });

  test("an unknown zone is told apart", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("Mars/Olympus")).toBe(false);
  });
});
