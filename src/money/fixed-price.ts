import type { CostSpec } from "../catalog/types.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { readFormula } from "./price-formula.ts";
import { ratioOf, times, wholeOf, type Ratio } from "./ratio.ts";

/** A price that can be held exactly: integer micro-dollars for one run, or for one second. */
export type FixedPrice = Pick<CostSpec, "unit" | "unitMicros">;

/** What WaveSpeed's list says of a price. `basePrice`: USD as it was written, e.g. "0.45"; "": none. */
export interface ListedPrice {
  basePrice: string;
  formula: string;
}

/** Above it a unit price is another unit's: older lists give millionths of a dollar. 1,000 USD, as for operators. */
const UNIT_MICROS_MAX = 1_000_000_000n;
const MICROS: Ratio = { over: 1_000_000n, under: 1n };

/**
 * The price per run or per second that a base price and formula come to, exactly, or why there is none. `seconds`:
 * whether every input says whole seconds, and if not, why.
 */
export function fixedPrice(listed: ListedPrice, seconds: Result<string, string>): Result<FixedPrice, string> {
  const base = ratioOf(listed.basePrice);
  if (base === null) return err("WaveSpeed's list gives no price for it");
  const product = readFormula(listed.formula);
  if (!product.ok) return product;
  const { factor, base: counted, duration } = product.value;
  if (duration === 1 && !seconds.ok) return err(`its price is per second, but ${seconds.error}`);
  const exact = wholeOf(times(counted === 1 ? times(factor, base) : factor, MICROS));
  if (exact === null)
    return err(`its price, ${listed.basePrice} by ${listed.formula || "run"}, is not whole micro-dollars`);
  if (exact <= 0n) return err("its price is nothing, and what has no price is refused");
  if (exact > UNIT_MICROS_MAX) return err(`its price, ${listed.basePrice} a unit, is too high to be one in USD`);
  return ok({ unit: duration === 1 ? "second" : "run", unitMicros: Number(exact) });
}
