import type { FieldIssue } from "../errors/catalogue.ts";
import { err, type Result } from "../errors/result.ts";
import { parseMicros } from "../money/index.ts";

/** 1,000 USD a unit: above it, a slip of the decimal point is likelier than a price. */
const UNIT_MICROS_MAX = 1_000_000_000;

/** Reads a price per unit, in micro-dollars: never zero, since what has no price is refused and not free. */
export function parseUnitPrice(text: string, field = "unit_price"): Result<number, FieldIssue> {
  const micros = parseMicros(text, field);
  if (!micros.ok) return micros;
  const fits = micros.value > 0 && micros.value <= UNIT_MICROS_MAX;
  return fits ? micros : err({ field, rule: "must be above 0 and at most 1000", value: JSON.stringify(text) });
}
