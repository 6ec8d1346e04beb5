import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DayRow } from "../../../src/reporting/day-rows.ts";
import { addDays } from "../../../src/reporting/calendar.ts";
import { dailyPace, forecastMicros } from "../../../src/reporting/forecast.ts";

const TODAY = "2026-11-20";
const DAY_MS = 86_400_000;

function rowOf(daysAgo: number, priceMicros: number, model = "m"): DayRow {
  const none = { team: "", key: "k", seconds: 5, costMicros: 0, failed: 0, cancelled: 0, resultMs: 0, results: [] };
  return { ...none, day: addDays(TODAY, -daysAgo), model, jobs: 1, priceMicros };
}

const read = (rows: DayRow[], wholeFrom = "2026-10-01") => ({ rows, wholeFrom });

describe("the pace", () => {
  it("is the mean of the seven whole days before today, days without a job among them", () => {
    expect(dailyPace(read([rowOf(0, 9_000), rowOf(1, 700), rowOf(7, 700), rowOf(8, 9_000)]), TODAY)).toBe(200);
  });

  it("is of the days since the first job, of three at least", () => {
    expect(dailyPace(read([rowOf(3, 900)]), TODAY)).toBe(300);
    expect(dailyPace(read([rowOf(2, 900), rowOf(0, 900)]), TODAY)).toBeNull();
    expect(dailyPace(read([]), TODAY)).toBeNull();
  });

  it("is nothing where there were jobs, but not of late", () => {
    expect(dailyPace(read([rowOf(20, 900)]), TODAY)).toBe(0);
  });

  it("is of the jobs that are asked for", () => {
    const rows = read([rowOf(5, 500, "a"), rowOf(5, 5_000, "b")]);
    expect(dailyPace(rows, TODAY, ({ model }) => model === "a")).toBe(100);
  });

  it("is not known where its days were not read as a whole", () => {
    expect(dailyPace(read([rowOf(5, 500)], addDays(TODAY, -6)), TODAY)).toBeNull();
  });
});

describe("the forecast", () => {
  it("adds the pace for the time that is left to what is used", () => {
    expect(forecastMicros(1_000, 200, 0, 2.5 * DAY_MS)).toBe(1_500);
  });

  it("is null without a pace, and without an end", () => {
    expect(forecastMicros(1_000, null, 0, DAY_MS)).toBeNull();
    expect(forecastMicros(1_000, 200, 0, null)).toBeNull();
  });

  it("is a whole number, never below what is used, whatever the days hold", () => {
    const days = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 1e9 })));
    fc.assert(
      fc.property(days, fc.nat({ max: 1e12 }), fc.integer({ min: -DAY_MS, max: 31 * DAY_MS }), (found, used, left) => {
        const rows = found.map(([ago, micros]) => rowOf(ago, micros));
        const ahead = forecastMicros(used, dailyPace(read(rows), TODAY), 0, left);
        expect(ahead === null || (Number.isSafeInteger(ahead) && ahead >= used)).toBe(true);
      }),
    );
  });
});
