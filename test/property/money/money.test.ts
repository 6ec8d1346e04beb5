import fc from "fast-check";
import { expect, it } from "vitest";
import { formatMicros, jobCostMicros, MICROS_MAX, parseMicros, pickRate } from "../../../src/money/index.ts";

const micros = fc.integer({ min: 0, max: MICROS_MAX });
const amountText = fc
  .tuple(fc.integer({ min: 0, max: 9_007_199_253 }), fc.stringMatching(/^[0-9]{0,6}$/))
  .map(([whole, fraction]) => (fraction === "" ? String(whole) : `${whole}.${fraction}`));

it("every amount survives being written and read", () => {
  fc.assert(
    fc.property(micros, (amount) => {
      expect(parseMicros(formatMicros(amount))).toEqual({ ok: true, value: amount });
    }),
  );
});

it("writing what was read gives one spelling, which is stable", () => {
  fc.assert(
    fc.property(amountText, (text) => {
      const read = parseMicros(text);
      if (!read.ok) throw new Error(text);
      const written = formatMicros(read.value);
      expect(written).toMatch(/^\d+\.\d{6}$/);
      const again = parseMicros(written);
      expect(again.ok && formatMicros(again.value)).toBe(written);
    }),
  );
});

it("the minus sign is all that tells a debt from a credit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MICROS_MAX }), (amount) => {
      expect(formatMicros(-amount)).toBe(`-${formatMicros(amount)}`);
    }),
  );
});

it("a price per second is exact, whole, and adds up over seconds", () => {
  const unit = fc.integer({ min: 1, max: 100_000_000 });
  const seconds = fc.integer({ min: 1, max: 3600 });
  fc.assert(
    fc.property(unit, seconds, seconds, (unitMicros, a, b) => {
      const price = (length: number): number => jobCostMicros({ unit: "second", unitMicros }, length);
      expect(BigInt(price(a))).toBe(BigInt(unitMicros) * BigInt(a));
      expect(price(a + b)).toBe(price(a) + price(b));
    }),
  );
});

it("time moving on never brings back an older rate, in whatever order they are listed", () => {
  const rate = fc.record({ version: fc.nat(20), effectiveFrom: fc.nat(1000) });
  const rates = fc.uniqueArray(rate, { selector: (each) => each.version, maxLength: 10 });
  fc.assert(
    fc.property(rates, fc.nat(1000), fc.nat(1000), (list, now, later) => {
      const before = pickRate(list, now);
      const after = pickRate(list, now + later);
      expect(after?.version ?? -1).toBeGreaterThanOrEqual(before?.version ?? -1);
      expect(pickRate(list.toReversed(), now)).toEqual(before);
      if (before !== undefined) expect(before.effectiveFrom).toBeLessThanOrEqual(now);
    }),
  );
});
