import type { Refusal } from "../errors/catalogue.ts";
import type { QuoteClaims } from "../keys/quote-token.ts";
import { tenantPriceMicros, type TenantPricing } from "../money/tenant-price.ts";
import type { Mode } from "./journal-entry.ts";
import type { OfferedRate, Priced } from "./types.ts";

interface PricedJob {
  model: string;
  seconds: number;
}

/** Cost by the rate, and price by the tenant's pricing. Null where the price would round to nothing. */
export function priceJob(job: PricedJob, rate: OfferedRate, pricing: TenantPricing): Priced | null {
  try {
    const { priceMicros, basis } = tenantPriceMicros(rate, job.model, job.seconds, pricing);
    const { costMicros, version: rateVersion } = rate;
    return { costMicros, priceMicros, rateVersion, pricingVersion: pricing.version, basis };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A quote never makes a job dearer: the lower of the two is the price. */
export function withQuote(priced: Priced, quote: QuoteClaims | null): Priced {
  if (quote === null || quote.priceMicros >= priced.priceMicros) return priced;
  return { ...priced, priceMicros: quote.priceMicros, basis: { quote: quote.id } };
}

/** Why a genuine quote is not for this job, or not any more (409); null: it binds. */
export function refuseQuote(
  quote: QuoteClaims,
  job: PricedJob & { tenant: string; mode: Mode },
  now: number,
): Refusal | null {
  const names = ["tenant", "mode", "model", "seconds"] as const;
  const different = names.filter((name) => quote[name] !== job[name]);
  if (different.length > 0) {
    // Another tenant's quote is not read aloud.
    const quoted = quote.tenant === job.tenant ? Object.fromEntries(different.map((name) => [name, quote[name]])) : {};
    const message = `this quote is for another ${different.join(" and ")}: ask for a new one with POST /v1/quotes`;
    return { code: "quote_mismatch", message, details: { different, quoted } };
  }
  if (quote.expiresAt > now) return null;
  const expiredAt = new Date(quote.expiresAt).toISOString();
  return {
    code: "quote_expired",
    message: `this quote expired at ${expiredAt}: ask for a new one with POST /v1/quotes`,
    details: { expired_at: expiredAt },
  };
}
