import { describe, expect, it } from "vitest";
import { jobCostMicros, pickRate, ratesFor, type RateVersion } from "../../../src/money/index.ts";

const cost = { unit: "second", unitMicros: 260_000, confirmed: true, source: "page" } as const;
const version = (number: number, effectiveFrom: number, model = "a/b"): RateVersion => ({
  ...cost,
  version: number,
  effectiveFrom,
  model,
});

describe("the cost of a job", () => {
  it("is the unit price times the seconds of video", () => {
    expect(jobCostMicros(cost, 5)).toBe(1_300_000);
    expect(jobCostMicros(cost, 10)).toBe(2_600_000);
  });

  it("is the unit price alone where the unit is a run", () => {
    expect(jobCostMicros({ unit: "run", unitMicros: 250_000 }, 0)).toBe(250_000);
  });

  it.each([0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("throws for %d seconds", (seconds) => {
    expect(() => jobCostMicros(cost, seconds)).toThrow(RangeError);
  });

  it.each([0, -1, 0.1, Number.NaN])("throws for a unit price of %d: never free", (unitMicros) => {
    expect(() => jobCostMicros({ unit: "second", unitMicros }, 5)).toThrow(RangeError);
    expect(() => jobCostMicros({ unit: "run", unitMicros }, 5)).toThrow(RangeError);
  });

  it("throws where the total would not be exact", () => {
    const unitMicros = Number.MAX_SAFE_INTEGER;
    expect(() => jobCostMicros({ unit: "second", unitMicros }, 2)).toThrow(RangeError);
  });
});

describe("rate versions", () => {
  it("begin with the catalogue's price as version 1, in force since always", () => {
    expect(ratesFor({ id: "a/b", cost })).toEqual([version(1, 0)]);
  });

  it("are those of the model alone, oldest first", () => {
    const rates = ratesFor({ id: "a/b", cost }, [version(3, 9), version(2, 5), version(2, 5, "x/y")]);
    expect(rates.map((rate) => rate.version)).toEqual([1, 2, 3]);
  });

  it("are none for an unpriced model, until an operator prices it", () => {
    expect(ratesFor({ id: "a/b", cost: null })).toEqual([]);
    expect(ratesFor({ id: "a/b", cost: null }, [version(1, 5)])).toEqual([version(1, 5)]);
  });

  it("throw where one number names two prices", () => {
    expect(() => ratesFor({ id: "a/b", cost }, [version(1, 5)])).toThrow(RangeError);
  });

  it("come into force at effectiveFrom exactly, and the highest in force wins", () => {
    const rates = [version(3, 200), version(1, 100), version(2, 200)];
    expect(pickRate(rates, 99)).toBeUndefined();
    expect(pickRate(rates, 100)?.version).toBe(1);
    expect(pickRate(rates, 199)?.version).toBe(1);
    expect(pickRate(rates, 200)?.version).toBe(3);
    expect(pickRate([], 200)).toBeUndefined();
  });
});
