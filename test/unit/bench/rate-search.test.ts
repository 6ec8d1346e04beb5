import { expect, test } from "vitest";
import { RateSearch } from "../../../bench/rate-search.ts";

const search = (holds: (rate: number) => boolean, tries = 20) => {
  const found = new RateSearch({ from: 50, max: 7_000, tries });
  const tried: number[] = [];
  for (let rate = found.next(); rate !== null; rate = found.next()) {
    tried.push(rate);
    found.tell(rate, holds(rate));
  }
  return { best: found.best, isOpen: found.isOpen, tried };
};

test("the highest rate that holds is found to within a twelfth", () => {
  for (const limit of [3, 49, 60, 333, 1_000, 6_000]) {
    const { best, isOpen } = search((rate) => rate <= limit);
    expect(best).toBeLessThanOrEqual(limit);
    expect(best).toBeGreaterThan(limit * 0.88 - 1);
    expect(isOpen).toBe(false);
  }
});

test("nothing is tried above the bound, and the answer says that it is the bound's", () => {
  const { best, isOpen, tried } = search(() => true);
  expect(best).toBe(7_000);
  expect(isOpen).toBe(true);
  expect(Math.max(...tried)).toBe(7_000);
});

test("a subject that never holds has no rate, after a bounded number of tries", () => {
  const { best, tried } = search(() => false);
  expect(best).toBe(0);
  expect(tried.length).toBeLessThan(10);
});

test("no more is tried than was allowed", () => {
  expect(search((rate) => rate <= 1_000, 4).tried).toEqual([50, 100, 200, 400]);
});
