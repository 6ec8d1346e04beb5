import { describe, expect, it } from "vitest";
import { daysBetween, periodsOf } from "../../../src/reporting/calendar.ts";
import type { DayRow } from "../../../src/reporting/day-rows.ts";
import {
  bucketOfResult,
  RESULT_COLUMNS,
  RESULT_MS_EDGES,
  resultQuantile,
} from "../../../src/reporting/result-times.ts";
import { chartOf, outcomesOf, spanToRead, spendSums } from "../../../src/reporting/summarize-days.ts";

const PERIODS = periodsOf("2026-03-31");

const row = (day: string, given: Partial<DayRow> = {}): DayRow => ({
  day,
  team: "",
  key: "k",
  model: "m",
  jobs: 1,
  seconds: 5,
  costMicros: 60,
  priceMicros: 100,
  failed: 0,
  cancelled: 0,
  resultMs: 0,
  results: RESULT_COLUMNS.map(() => 0),
  ...given,
});

describe("the spans of an overview", () => {
  it("compare with the month before up to the same day, or its last", () => {
    expect(PERIODS).toEqual({
      today: "2026-03-31",
      month: "2026-03-01",
      before: { from: "2026-02-01", to: "2026-02-28" },
      recent: "2026-03-02",
    });
    expect(periodsOf("2026-01-15").before).toEqual({ from: "2025-12-01", to: "2025-12-15" });
  });

  it("are read as one", () => {
    expect(spanToRead(PERIODS, { from: "2026-03-01", to: "2026-03-31" })).toEqual({
      from: "2026-02-01",
      to: "2026-03-31",
    });
  });
});

describe("sums", () => {
  it("are of today, this month and the month before", () => {
    const rows = [
      row("2026-03-31"),
      row("2026-03-01"),
      row("2026-02-28"),
      row("2026-02-01", { jobs: 0, priceMicros: 0 }),
    ];
    const sums = spendSums({ rows, wholeFrom: "2026-02-01" }, PERIODS);
    expect([sums.today?.priceMicros, sums.month?.priceMicros, sums.monthBefore?.priceMicros]).toEqual([100, 200, 100]);
    expect(sums.month).toEqual({ jobs: 2, priceMicros: 200, costMicros: 120 });
  });

  it("are null where not all of their days were read, never a part as the whole", () => {
    const sums = spendSums({ rows: [row("2026-03-31")], wholeFrom: "2026-03-01" }, PERIODS);
    expect([sums.today === null, sums.month === null, sums.monthBefore]).toEqual([false, false, null]);
  });
});

describe("outcomes", () => {
  it("count the last 30 days; cancelled jobs are no failures", () => {
    const results = RESULT_COLUMNS.map((_, index) => (index === 3 ? 8 : 0));
    const rows = [
      row("2026-03-30", { results, resultMs: 720_000, failed: 2, cancelled: 5 }),
      row("2026-03-01", { failed: 100 }),
    ];
    expect(outcomesOf({ rows, wholeFrom: "2026-02-01" }, PERIODS)).toEqual({
      from: "2026-03-02",
      to: "2026-03-31",
      completed: 8,
      failed: 2,
      cancelled: 5,
      successRate: 0.8,
      meanMs: 90_000,
      p50Ms: 90_000,
      p95Ms: 117_000,
    });
  });

  it("say nothing of nothing", () => {
    expect(outcomesOf({ rows: [], wholeFrom: "2026-02-01" }, PERIODS)).toMatchObject({
      successRate: null,
      meanMs: null,
      p50Ms: null,
    });
  });
});

describe("times to result", () => {
  it("have a column for each bucket, and each time its bucket", () => {
    expect(RESULT_COLUMNS).toHaveLength(RESULT_MS_EDGES.length);
    expect([0, 14_999, 15_000, 3_599_999, 3_600_000, 1e12].map(bucketOfResult)).toEqual([0, 0, 1, 8, 9, 9]);
  });

  it("of the last bucket are at least where it begins", () => {
    expect(resultQuantile([0, 0, 0, 0, 0, 0, 0, 0, 0, 3], 0.5)).toBe(3_600_000);
  });
});

describe("a chart", () => {
  it("has the eight largest and the others together, which add up to the total of each day", () => {
    const rows = Array.from({ length: 12 }, (_, index) =>
      row(index % 2 === 0 ? "2026-03-02" : "2026-03-04", { model: `m${index}`, priceMicros: 100 + index }),
    );
    const { days, total, by } = chartOf({ rows, wholeFrom: "2026-02-01" }, "2026-03-01", "2026-03-05");
    expect(days).toEqual(daysBetween("2026-03-01", "2026-03-05"));
    expect(by.model.map(({ name }) => name)).toEqual(["m11", "m10", "m9", "m8", "m7", "m6", "m5", "m4", null]);
    expect(total).toEqual([0, 630, 0, 636, 0]);
    expect(days.map((_, at) => by.model.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))).toEqual(total);
    expect(by.team).toMatchObject([{ name: "", jobs: 12, priceMicros: 1_266 }]);
  });

  it("begins where the days were read as a whole", () => {
    expect(chartOf({ rows: [], wholeFrom: "2026-03-04" }, "2026-03-01", "2026-03-05").days).toEqual([
      "2026-03-04",
      "2026-03-05",
    ]);
  });
});
