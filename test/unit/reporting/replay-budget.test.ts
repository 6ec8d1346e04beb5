import { describe, expect, test } from "vitest";
import { windowAt } from "../../../src/ledger/windows.ts";
import { replayBudget, type CountedJob } from "../../../src/reporting/replay-budget.ts";

const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2026, 2, 2);

const job = (id: string, admittedAt: number, priceMicros: number, givenBackAt: number | null = null): CountedJob => ({
  id,
  model: "m",
  admittedAt,
  priceMicros,
  givenBackAt,
});

const daily = { windowOf: (at: number) => windowAt("day", at, "UTC"), from: MONDAY, usedMicros: 0 };
const refusedIds = (jobs: CountedJob[], limitMicros: number, usedMicros = 0) =>
  replayBudget(jobs, { ...daily, limitMicros, usedMicros }).map(({ refused }) => refused.map(({ id }) => id));

describe("a replay", () => {
  test("refuses what does not fit, and lets a smaller one after it in", () => {
    const jobs = [job("a", MONDAY, 60), job("b", MONDAY + 1, 50), job("c", MONDAY + 2, 40)];
    expect(replayBudget(jobs, { ...daily, limitMicros: 100 })).toEqual([
      { window: daily.windowOf(MONDAY), jobs: 3, priceMicros: 150, refused: [jobs[1]], refusedMicros: 50 },
    ]);
  });

  test("takes jobs in the order of their admission, whatever order they come in", () => {
    expect(refusedIds([job("late", MONDAY + 9, 60), job("early", MONDAY, 60)], 100)).toEqual([["late"]]);
  });

  test("a hold that was given back makes room from that moment on, that of a refused job none", () => {
    const jobs = [
      job("failed", MONDAY, 60, MONDAY + 10),
      job("before", MONDAY + 9, 60, MONDAY + 20),
      job("at", MONDAY + 10, 60),
      job("after", MONDAY + 21, 60),
    ];
    expect(refusedIds(jobs, 100)).toEqual([["before", "after"]]);
  });

  test("each window begins empty, but the one that was under way", () => {
    const jobs = [job("a", MONDAY + 1, 60), job("b", MONDAY + DAY_MS, 60)];
    expect(refusedIds(jobs, 60, 1)).toEqual([["a"], []]);
    expect(refusedIds(jobs, 60)).toEqual([[], []]);
  });

  test("a limit of nothing refuses everything", () => {
    const [window] = replayBudget([job("a", MONDAY, 1)], { ...daily, limitMicros: 0 });
    expect(window).toMatchObject({ jobs: 1, priceMicros: 1, refusedMicros: 1 });
  });
});
