import type { ErrorCode } from "../../../../src/errors/catalogue.ts";
import type { QuoteClaims } from "../../../../src/keys/quote-token.ts";
import type { OfferedRate, Priced, ReserveRequest } from "../../../../src/ledger/types.ts";
import { nowOf, type Book, type ListPrice } from "./book.ts";

/** A price list's entry for a whole job, as the edge hands it over. */
export const offered = (price: ListPrice, seconds: number): OfferedRate => ({
  ...price,
  costMicros: price.unitMicros * (price.unit === "second" ? seconds : 1),
});

/** What the job costs and what the tenant pays, or why nobody can say. */
export function priceOf(book: Book, job: { model: string; seconds: number; rates: OfferedRate[] }): Priced | ErrorCode {
  const used = book.jobs.filter((known) => known.facts.model === job.model).map((known) => known.facts.rateVersion);
  const usable = job.rates.filter(
    (rate) => rate.effectiveFrom <= nowOf(book) && used.every((version) => version <= rate.version),
  );
  const rate = usable.sort((a, b) => b.version - a.version)[0];
  if (!rate) return job.rates.length > 0 ? "settings_stale" : "model_unpriced";
  const units = rate.unit === "second" ? job.seconds : 1;
  const costMicros = rate.unitMicros * units;
  const basis = book.pricing.models[job.model] ?? { markupBps: book.pricing.markupBps };
  const priceMicros = "unitMicros" in basis ? basis.unitMicros * units : markedUp(costMicros, basis.markupBps);
  if (priceMicros < 1) return "model_unpriced";
  return { costMicros, priceMicros, rateVersion: rate.version, pricingVersion: book.pricing.version, basis };
}

/** Half up, with nothing but whole numbers. */
function markedUp(costMicros: number, markupBps: number): number {
  const whole = BigInt(costMicros) * BigInt(10_000 + markupBps);
  const down = whole / 10_000n;
  return Number(whole % 10_000n >= 5_000n ? down + 1n : down);
}

/** Why this quote is not for this submit, or not any more. */
export function quoteRefusal(book: Book, request: ReserveRequest, quote: QuoteClaims): ErrorCode | null {
  const same =
    quote.tenant === book.tenant &&
    quote.mode === request.caller.mode &&
    quote.model === request.model &&
    quote.seconds === request.seconds;
  if (!same) return "quote_mismatch";
  return nowOf(book) >= quote.expiresAt ? "quote_expired" : null;
}

/** The lower of quote and price is the price. */
export const withQuote = (priced: Priced, quote: QuoteClaims | null): Priced =>
  quote && quote.priceMicros < priced.priceMicros
    ? { ...priced, priceMicros: quote.priceMicros, basis: { quote: quote.id } }
    : priced;
