import { err, ok, type Result } from "../errors/result.ts";
import { dividedBy, ratioOf, times, type Ratio } from "./ratio.ts";

const FORMULA_CHARS_MAX = 500;
const PARENTHESES_MAX = 20;

/** A price as a product: factor x base_price (0 or 1 times) x duration (0 or 1 times). */
export interface PriceProduct {
  factor: Ratio;
  base: number;
  duration: number;
}

/**
 * Reads a price formula of WaveSpeed's list (JSONata), as far as it is a product of numbers, `base_price` and
 * `duration`: "", "base_price * 1", `{"total_price": base_price * duration / 5}`. Whatever else it says is refused
 * with what that is: a formula that is half understood is a wrong price.
 */
export function readFormula(formula: string): Result<PriceProduct, string> {
  if (formula.length > FORMULA_CHARS_MAX) return err(`its formula is longer than ${FORMULA_CHARS_MAX} characters`);
  const whole = formula.trim();
  if (whole === "") return ok({ factor: ONE, base: 1, duration: 0 });
  const inner = /^\{\s*(?:"total_price"|'total_price')\s*:(.*)\}$/s.exec(whole)?.[1] ?? whole;
  const tokens = inner.match(TOKEN) ?? [];
  if (tokens.join("") !== inner.replace(/\s+/g, "")) return err(`its price is not a product: ${shown(formula)}`);
  const others = tokens.filter((token) => /^[A-Za-z_$]/.test(token) && !KNOWN.has(token));
  if (others.length > 0)
    return err(`its price depends on ${[...new Set(others)].slice(0, 5).join(", ")}: ${shown(formula)}`);
  const product = new ProductReader(tokens).read();
  return product ? ok(product) : err(`its price is not a product: ${shown(formula)}`);
}

const ONE: Ratio = { over: 1n, under: 1n };
const KNOWN = new Set(["base_price", "duration"]);
const TOKEN = /[A-Za-z_$][A-Za-z0-9_$]*|[0-9]+(?:\.[0-9]+)?|[*/()]/g;
const shown = (formula: string): string => formula.slice(0, 120);

/** product = factor { ("*" | "/") factor }; factor = number | name | "(" product ")". Null: anything else. */
class ProductReader {
  readonly #tokens: readonly string[];
  #at = 0;
  #open = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  read(): PriceProduct | null {
    const product = this.#product();
    const fits = product !== null && this.#at === this.#tokens.length;
    return fits && isUsed(product.base) && isUsed(product.duration) ? product : null;
  }

  #product(): PriceProduct | null {
    let left = this.#factor();
    while (left !== null && (this.#tokens[this.#at] === "*" || this.#tokens[this.#at] === "/")) {
      const operator = this.#tokens[this.#at++];
      const right = this.#factor();
      left = right && (operator === "*" ? multiply(left, right) : divide(left, right));
    }
    return left;
  }

  #factor(): PriceProduct | null {
    const token = this.#tokens[this.#at++];
    if (token === "base_price") return { factor: ONE, base: 1, duration: 0 };
    if (token === "duration") return { factor: ONE, base: 0, duration: 1 };
    if (token === "(") return this.#inParentheses();
    const factor = token === undefined ? null : ratioOf(token);
    return factor && { factor, base: 0, duration: 0 };
  }

  #inParentheses(): PriceProduct | null {
    if (++this.#open > PARENTHESES_MAX) return null;
    const inner = this.#product();
    return this.#tokens[this.#at++] === ")" ? inner : null;
  }
}

const isUsed = (power: number): boolean => power === 0 || power === 1;

const multiply = (a: PriceProduct, b: PriceProduct): PriceProduct => ({
  factor: times(a.factor, b.factor),
  base: a.base + b.base,
  duration: a.duration + b.duration,
});

function divide(a: PriceProduct, b: PriceProduct): PriceProduct | null {
  const factor = dividedBy(a.factor, b.factor);
  return factor && { factor, base: a.base - b.base, duration: a.duration - b.duration };
}
