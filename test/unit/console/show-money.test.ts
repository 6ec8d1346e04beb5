import fc from "fast-check";
import { expect, test } from "vitest";
import { microsOf, showMoney } from "../../../src/console/show-money.ts";
import { formatMicros, MICROS_MAX } from "../../../src/money/index.ts";

test.each([
  ["0.000000", "$0.00"],
  ["1.300000", "$1.30"],
  ["1234567.500000", "$1,234,567.50"],
  ["0.045123", "$0.045123"],
  ["-12.100000", "-$12.10"],
  ["1000", "$1,000.00"],
])("%s is shown as %s", (amount, shown) => {
  expect(showMoney(amount)).toBe(shown);
});

test("no micro-dollar is lost on the way to a page", () => {
  fc.assert(
    fc.property(fc.integer({ min: -MICROS_MAX, max: MICROS_MAX }), (micros) => {
      const amount = formatMicros(micros);
      expect(microsOf(amount)).toBe(micros);
      expect(microsOf(showMoney(amount).replaceAll(/[$,]/g, ""))).toBe(micros);
    }),
  );
});
