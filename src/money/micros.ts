import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";

export const MICROS_PER_USD = 1_000_000;
const DECIMALS = 6;

/** Largest amount that is held exactly: about 9 billion USD, in micro-dollars. */
export const MICROS_MAX = Number.MAX_SAFE_INTEGER;

const AMOUNT = /^(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,6}))?$/;
const AMOUNT_RULE =
  'must be a decimal string in USD such as "13.00": no sign, no exponent, at most six decimals, ' +
  "at most 9007199254.740991";

/**
 * Reads an amount of USD, e.g. "1.3", as integer micro-dollars, 1300000. The digits are read as
 * text, since a float would already have lost some of them.
 *
 * Refuses signs, exponents, spaces, bare dots, leading zeros, a seventh decimal, and amounts above
 * MICROS_MAX. `field` names the amount in the refusal.
 */
export function parseMicros(text: string, field = "amount"): Result<number, FieldIssue> {
  const match = AMOUNT.exec(text);
  if (match === null) return err(refuse(field, text));
  const [, whole = "0", fraction = ""] = match;
  const micros = BigInt(whole + fraction.padEnd(DECIMALS, "0"));
  return micros > BigInt(MICROS_MAX) ? err(refuse(field, text)) : ok(Number(micros));
}

const SIGNED_RULE =
  'must be a decimal string in USD such as "5.00" or "-5.00": no plus sign, no exponent, at most six decimals, ' +
  "at most 9007199254.740991 either way";

/** Reads an amount that may be negative, e.g. "-1.3" as -1300000; else as `parseMicros`. "-0" is 0. */
export function parseSignedMicros(text: string, field = "amount"): Result<number, FieldIssue> {
  const negative = text.startsWith("-");
  const size = parseMicros(negative ? text.slice(1) : text, field);
  if (!size.ok) return err({ ...refuse(field, text), rule: SIGNED_RULE });
  // Minus zero would be a second spelling of nothing.
  return ok(negative && size.value !== 0 ? -size.value : size.value);
}

/** Writes micro-dollars as a decimal string with exactly six decimals: 1300000 is "1.300000". */
export function formatMicros(micros: number): string {
  assertMicros(micros);
  const size = Math.abs(micros);
  const whole = Math.floor(size / MICROS_PER_USD);
  const fraction = String(size % MICROS_PER_USD).padStart(DECIMALS, "0");
  return `${micros < 0 ? "-" : ""}${whole}.${fraction}`;
}

/** Sum of amounts; throws RangeError where it would no longer be exact. */
export function addMicros(...amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) {
    assertMicros(amount);
    sum += amount;
    assertMicros(sum);
  }
  return sum;
}

/** Throws RangeError unless the amount is a whole number that a double holds exactly. */
export function assertMicros(micros: number): void {
  if (!Number.isSafeInteger(micros)) {
    throw new RangeError(`not a whole number of micro-dollars: ${micros}`);
  }
}

function refuse(field: string, text: string): FieldIssue {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return { field, rule: AMOUNT_RULE, value: JSON.stringify(shown) };
}
