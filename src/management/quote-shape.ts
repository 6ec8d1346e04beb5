import { z } from "@hono/zod-openapi";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { mintQuote, type QuoteClaims } from "../keys/quote-token.ts";
import { formatMicros } from "../money/index.ts";
import { AmountOut, InstantOut, ModeField, toInstant, toInstantOrNull } from "./fields.ts";
import type { Quote } from "./quote.ts";

export const QuoteSchema = z
  .object({
    quote: z.string().openapi({ description: "The signed quote, for x-wavegate-quote" }),
    expires_at: InstantOut,
    model: z.string(),
    mode: ModeField,
    seconds: z.number().int(),
    unit: z.enum(["second", "run"]),
    unit_price: AmountOut.nullable().openapi({
      description: "One unit by itself; a job is rounded once, as a whole. null: it would round to nothing",
    }),
    price: AmountOut,
    cost: AmountOut.optional().openapi({ description: "What WaveSpeed charges; shown to operators" }),
    currency: z.literal("USD"),
    rate_version: z.number().int(),
    pricing_version: z.number().int(),
    valid_until: InstantOut.nullable().openapi({
      description: "When the next price begins, for submits without this quote; null: none is announced",
    }),
    next_price: AmountOut.nullable(),
  })
  .openapi("Quote");

/** Signs the quote and shows it. Cost is the operator's secret. */
export const toQuote = (
  claims: QuoteClaims,
  quote: Quote,
  to: { secrets: GatewaySecrets; operator: boolean },
): z.infer<typeof QuoteSchema> => ({
  quote: mintQuote(claims, to.secrets),
  expires_at: toInstant(claims.expiresAt),
  model: claims.model,
  mode: claims.mode,
  seconds: claims.seconds,
  unit: quote.unit,
  unit_price: quote.unitPriceMicros === null ? null : formatMicros(quote.unitPriceMicros),
  price: formatMicros(quote.priceMicros),
  ...(to.operator && { cost: formatMicros(quote.costMicros) }),
  currency: "USD",
  rate_version: quote.rateVersion,
  pricing_version: quote.pricingVersion,
  valid_until: toInstantOrNull(quote.nextFrom),
  next_price: quote.nextPriceMicros === null ? null : formatMicros(quote.nextPriceMicros),
});
