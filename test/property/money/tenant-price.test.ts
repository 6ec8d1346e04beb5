import fc from "fast-check";
import { expect, test } from "vitest";
import {
  jobCostMicros,
  MARKUP_BPS_MAX,
  MARKUP_BPS_MIN,
  tenantPriceMicros,
  type TenantPricing,
} from "../../../src/money/index.ts";

const unit = fc.constantFrom("second" as const, "run" as const);
/** From 10,000 micro-dollars on, so that even the deepest discount leaves a price. */
const cost = fc.record({ unit, unitMicros: fc.integer({ min: 10_000, max: 20_000_000_000 }) });
const seconds = fc.integer({ min: 1, max: 3600 });
const markup = fc.oneof(
  fc.integer({ min: -5000, max: 5000 }),
  fc.integer({ min: MARKUP_BPS_MIN, max: MARKUP_BPS_MAX }),
);

const at = (markupBps: number, models: TenantPricing["models"] = {}): TenantPricing => ({
  version: 1,
  markupBps,
  models,
});

test("no mark-up is the cost", () => {
  fc.assert(
    fc.property(cost, seconds, (rate, length) => {
      expect(tenantPriceMicros(rate, "m", length, at(0)).priceMicros).toBe(jobCostMicros(rate, length));
    }),
  );
});

test("the price is the exact one to within half a micro-dollar, and a tie goes up", () => {
  fc.assert(
    fc.property(cost, seconds, markup, (rate, length, bps) => {
      const { priceMicros } = tenantPriceMicros(rate, "m", length, at(bps));
      // In ten-thousandths of a micro-dollar, where the exact price is whole.
      const exact = BigInt(rate.unitMicros) * BigInt(rate.unit === "run" ? 1 : length) * BigInt(10_000 + bps);
      const over = BigInt(priceMicros) * 10_000n - exact;
      expect(over).toBeGreaterThan(-5000n);
      expect(over).toBeLessThanOrEqual(5000n);
    }),
  );
});

test("a longer job never costs less, and a higher mark-up never lowers a price", () => {
  fc.assert(
    fc.property(cost, seconds, fc.nat(100), markup, fc.nat(5000), (rate, length, longer, bps, more) => {
      const price = tenantPriceMicros(rate, "m", length, at(bps)).priceMicros;
      expect(tenantPriceMicros(rate, "m", length + longer, at(bps)).priceMicros).toBeGreaterThanOrEqual(price);
      const dearer = at(Math.min(MARKUP_BPS_MAX, bps + more));
      expect(tenantPriceMicros(rate, "m", length, dearer).priceMicros).toBeGreaterThanOrEqual(price);
    }),
  );
});

test("a mark-up never sells below cost, a discount never above it", () => {
  fc.assert(
    fc.property(cost, seconds, markup, (rate, length, bps) => {
      const margin = tenantPriceMicros(rate, "m", length, at(bps)).priceMicros - jobCostMicros(rate, length);
      expect(Math.sign(margin) * Math.sign(bps)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("a percentage of a whole price is not lost or made: it and its complement make the cost", () => {
  fc.assert(
    fc.property(cost, seconds, fc.integer({ min: 1, max: 9999 }), (rate, length, bps) => {
      const part = tenantPriceMicros(rate, "m", length, at(-bps)).priceMicros;
      const rest = tenantPriceMicros(rate, "m", length, at(bps - 10_000)).priceMicros;
      const whole = jobCostMicros(rate, length);
      // Both halves of a tie go up, which is one micro-dollar in the tenant's price, never one lost.
      expect([whole, whole + 1]).toContain(part + rest);
    }),
  );
});

test("a unit price is exact and does not ask what the job costs us", () => {
  fc.assert(
    fc.property(cost, seconds, fc.integer({ min: 1, max: 20_000_000_000 }), markup, (rate, length, unitMicros, bps) => {
      const price = tenantPriceMicros(rate, "m", length, at(bps, { m: { unitMicros } }));
      expect(price).toEqual({ priceMicros: unitMicros * (rate.unit === "run" ? 1 : length), basis: { unitMicros } });
    }),
  );
});

test("it answers a price of at least one micro-dollar, or it throws", () => {
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 50_000 }), seconds, markup, (unitMicros, length, bps) => {
      let price: number;
      try {
        price = tenantPriceMicros({ unit: "run", unitMicros }, "m", length, at(bps)).priceMicros;
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect(unitMicros < 1 || unitMicros * (10_000 + bps) < 5000).toBe(true);
        return;
      }
      expect(price).toBeGreaterThanOrEqual(1);
    }),
  );
});
