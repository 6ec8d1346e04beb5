import { describe, expect, test } from "vitest";
import { MICROS_MAX, tenantPriceMicros, type TenantPricing } from "../../../src/money/index.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-pro";
const PER_SECOND = { unit: "second", unitMicros: 90_000 } as const;
const PER_RUN = { unit: "run", unitMicros: 1_300_000 } as const;

const pricing = (markupBps: number, models: TenantPricing["models"] = {}): TenantPricing => ({
  version: 3,
  markupBps,
  models,
});

describe("a mark-up on the whole job's cost", () => {
  test.each([
    ["none", 0, 900_000],
    ["15% on top", 1500, 1_035_000],
    ["10% off", -1000, 810_000],
    ["double", 10_000, 1_800_000],
    ["a hundredfold on top", 1_000_000, 90_900_000],
    ["all but one basis point off", -9999, 90],
  ])("%s", (_, markupBps, priceMicros) => {
    expect(tenantPriceMicros(PER_SECOND, MODEL, 10, pricing(markupBps))).toEqual({ priceMicros, basis: { markupBps } });
  });

  test("a model that runs at one price is marked up once, however long it is", () => {
    expect(tenantPriceMicros(PER_RUN, MODEL, 10, pricing(500)).priceMicros).toBe(1_365_000);
  });

  test.each([
    [1, 4999, 1],
    [1, 5000, 2],
    [3, -5000, 2],
    [5, 1000, 6],
    [4, 1000, 4],
    [1, -5000, 1],
  ])("%d micro-dollars at %d basis points round half up to %d", (unitMicros, markupBps, priceMicros) => {
    expect(tenantPriceMicros({ unit: "run", unitMicros }, MODEL, 5, pricing(markupBps)).priceMicros).toBe(priceMicros);
  });

  test("rounding happens once, on the job and not on each second", () => {
    const cost = { unit: "second", unitMicros: 1 } as const;
    expect(tenantPriceMicros(cost, MODEL, 10, pricing(4999)).priceMicros).toBe(15);
  });

  test("stays exact where a float would not", () => {
    const cost = { unit: "run", unitMicros: 4_503_599_627_370_497 } as const;
    expect(tenantPriceMicros(cost, MODEL, 5, pricing(9999)).priceMicros).toBe(9_006_748_894_778_257);
  });
});

describe("a model's own basis", () => {
  const own = pricing(1500, { [MODEL]: { unitMicros: 100_001 }, "a/b": { markupBps: -500 } });

  test("a unit price stands in for the cost, per second as the rate is", () => {
    const price = tenantPriceMicros(PER_SECOND, MODEL, 10, own);
    expect(price).toEqual({ priceMicros: 1_000_010, basis: { unitMicros: 100_001 } });
  });

  test("or per run", () => {
    expect(tenantPriceMicros(PER_RUN, MODEL, 10, own).priceMicros).toBe(100_001);
  });

  test("a mark-up stands in for the tenant's", () => {
    const price = tenantPriceMicros(PER_SECOND, "a/b", 10, own);
    expect(price).toEqual({ priceMicros: 855_000, basis: { markupBps: -500 } });
  });

  test("other models keep the tenant's", () => {
    expect(tenantPriceMicros(PER_SECOND, "c/d", 10, own).basis).toEqual({ markupBps: 1500 });
  });

  test.each(["constructor", "__proto__", "toString"])("a model called %s is no basis", (model) => {
    expect(tenantPriceMicros(PER_SECOND, model, 10, pricing(0))).toEqual({
      priceMicros: 900_000,
      basis: { markupBps: 0 },
    });
  });
});

describe("what is not a price throws, so that nothing is ever free", () => {
  test.each([
    ["a price that rounds to nothing", { unit: "run", unitMicros: 1 } as const, pricing(-5001)],
    ["a unit price of nothing", PER_SECOND, pricing(0, { [MODEL]: { unitMicros: 0 } })],
    ["a negative unit price", PER_SECOND, pricing(0, { [MODEL]: { unitMicros: -1 } })],
    ["a fraction of a micro-dollar", PER_SECOND, pricing(0, { [MODEL]: { unitMicros: 0.5 } })],
    ["a cost of nothing", { unit: "run", unitMicros: 0 } as const, pricing(1500)],
    ["everything off", PER_SECOND, pricing(-10_000)],
    ["more than a hundredfold on top", PER_SECOND, pricing(1_000_001)],
    ["half a basis point", PER_SECOND, pricing(0.5)],
    ["no number", PER_SECOND, pricing(Number.NaN)],
    ["a price too large to be exact", { unit: "run", unitMicros: MICROS_MAX } as const, pricing(1)],
  ])("%s", (_, cost, tenant) => {
    expect(() => tenantPriceMicros(cost, MODEL, 10, tenant)).toThrow(RangeError);
  });

  test.each([0, -1, 1.5, Number.NaN])("%d seconds", (seconds) => {
    expect(() => tenantPriceMicros(PER_SECOND, MODEL, seconds, pricing(0))).toThrow(RangeError);
  });
});
