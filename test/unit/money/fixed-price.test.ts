import { describe, expect, it } from "vitest";
import { err, ok } from "../../../src/errors/result.ts";
import { fixedPrice } from "../../../src/money/index.ts";

const price = (basePrice: string, formula = "", seconds = ok("duration") as Parameters<typeof fixedPrice>[1]) => {
  const fixed = fixedPrice({ basePrice, formula }, seconds);
  return fixed.ok ? `${fixed.value.unitMicros} a ${fixed.value.unit}` : fixed.error;
};

describe("a price of WaveSpeed's list", () => {
  it.each([
    ["0.005", "", "5000 a run"],
    ["0.005", '{"total_price":base_price * 1}', "5000 a run"],
    ["0.005", "{'total_price': (base_price) * 2}", "10000 a run"],
    ["9", '{"total_price": 0.05}', "50000 a run"],
    ["1.3", '{"total_price": base_price * duration / 5}', "260000 a second"],
    ["0.45", "duration * base_price / 5", "90000 a second"],
    ["0.45", "base_price*(duration/5)", "90000 a second"],
    ["0.05", '{"total_price": duration * base_price}', "50000 a second"],
    ["5e-3", " ", "5000 a run"],
  ])("%s by %s is %s", (base, formula, expected) => {
    expect(price(base, formula)).toBe(expected);
  });

  it.each([
    ["0.1", "base_price * num_images", "its price depends on num_images: base_price * num_images"],
    ["0.1", 'base_price * (resolution = "720p" ? 2 : 1)', "its price is not a product"],
    ["0.1", "base_price * $ceil(duration)", "its price depends on $ceil"],
    ["0.1", "base_price + 1", "its price is not a product"],
    ["0.1", "base_price * -1", "its price is not a product"],
    ["0.1", "base_price * duration * duration", "its price is not a product"],
    ["0.1", "base_price / duration", "its price is not a product"],
    ["0.1", "base_price * (1", "its price is not a product"],
    ["0.1", "base_price 2", "its price is not a product"],
    ["0.1", "base_price / 0", "its price is not a product"],
    ["0.1", `${"(".repeat(30)}base_price${")".repeat(30)}`, "its price is not a product"],
    ["0.1", "x".repeat(600), "its formula is longer than 500 characters"],
    ["0.1", "base_price * duration / 3", "its price, 0.1 by base_price * duration / 3, is not whole micro-dollars"],
    ["0.0000001", "", "its price, 0.0000001 by run, is not whole micro-dollars"],
    ["0", "", "its price is nothing, and what has no price is refused"],
    ["", "", "WaveSpeed's list gives no price for it"],
    ["-1", "", "WaveSpeed's list gives no price for it"],
    ["560000", "", "its price, 560000 a unit, is too high to be one in USD"],
  ])("%s by %s is never guessed", (base, formula, reason) => {
    expect(price(base, formula)).toContain(reason);
  });

  it("per second needs an input that always says whole seconds", () => {
    const seconds = err("its schema has no field duration");
    expect(price("0.1", "base_price * duration", seconds)).toBe(
      "its price is per second, but its schema has no field duration",
    );
    expect(price("0.1", "", seconds)).toBe("100000 a run");
  });
});
