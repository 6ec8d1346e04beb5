import { describe, expect, it } from "vitest";
import { listModels } from "../../../src/catalog/index.ts";
import { basePriceUsd, microsOf, priceUsd } from "../../../src/simulator/price-list.ts";

describe("the simulator's price list", () => {
  it("prices every model that the catalogue sells, and nothing that it does not know", () => {
    const sold = listModels().filter((model) => model.cost !== null);
    expect(sold.length).toBeGreaterThanOrEqual(7);
    for (const model of sold) expect([model.id, typeof basePriceUsd(model.id)]).toEqual([model.id, "number"]);
    expect(basePriceUsd("toString")).toBeUndefined();
  });

  it("comes to whole micro-dollars despite its floats", () => {
    expect(microsOf(priceUsd(1.3, 10))).toBe(2_600_000);
    expect(microsOf(priceUsd(0.45, 10))).toBe(900_000);
    expect(microsOf(priceUsd(0.25, 5))).toBe(250_000);
  });
});
