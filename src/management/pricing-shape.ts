import { z } from "@hono/zod-openapi";
import type { FieldIssue } from "../errors/catalogue.ts";
import { formatMicros } from "../money/index.ts";
import { MARKUP_BPS_MAX, MARKUP_BPS_MIN, type PriceBasis, type TenantPricing } from "../money/tenant-price.ts";
import { AmountField, AmountOut } from "./fields.ts";
import { parseUnitPrice } from "./unit-price.ts";

const MODELS_MAX = 200;

const MarkupField = z.number().int().min(MARKUP_BPS_MIN).max(MARKUP_BPS_MAX).openapi({
  example: 1_500,
  description: "Basis points on cost: 1500 is 15% on top, -1000 is 10% off",
});

const BASIS_RULE = 'must be one of {"markup_bps": 1500}, {"unit_price": "0.30"}';

const BasisSchema = z.union(
  [z.strictObject({ markup_bps: MarkupField }), z.strictObject({ unit_price: AmountField })],
  BASIS_RULE,
);

export const PricingBody = z.strictObject({
  markup_bps: MarkupField,
  models: z
    .record(z.string().max(200), BasisSchema)
    .refine((models) => Object.keys(models).length <= MODELS_MAX, `must name at most ${MODELS_MAX} models`)
    .default({})
    .openapi({ description: "Models that are priced otherwise, by id" }),
});

export const PricingSchema = z
  .object({
    version: z.number().int().openapi({ description: "Counts up with each change; jobs name the one they had" }),
    markup_bps: z.number().int(),
    models: z.record(
      z.string(),
      z.union([z.object({ markup_bps: z.number().int() }), z.object({ unit_price: AmountOut })]),
    ),
  })
  .openapi("Pricing");

/** What is wrong with what models it names, and with their prices; else the pricing as the ledger takes it. */
export function fromPricing(
  body: z.infer<typeof PricingBody>,
): { issues: FieldIssue[] } | { issues: null; pricing: Omit<TenantPricing, "version"> } {
  const issues: FieldIssue[] = [];
  const models: Record<string, PriceBasis> = {};
  for (const [id, basis] of Object.entries(body.models)) {
    if ("markup_bps" in basis) {
      models[id] = { markupBps: basis.markup_bps };
      continue;
    }
    const unit = parseUnitPrice(basis.unit_price, `models.${id}.unit_price`);
    if (unit.ok) models[id] = { unitMicros: unit.value };
    else issues.push(unit.error);
  }
  return issues.length > 0 ? { issues } : { issues: null, pricing: { markupBps: body.markup_bps, models } };
}

export const toPricing = (pricing: TenantPricing): z.infer<typeof PricingSchema> => ({
  version: pricing.version,
  markup_bps: pricing.markupBps,
  models: Object.fromEntries(Object.entries(pricing.models).map(([id, basis]) => [id, toBasis(basis)])),
});

const toBasis = (basis: PriceBasis): { markup_bps: number } | { unit_price: string } =>
  "markupBps" in basis ? { markup_bps: basis.markupBps } : { unit_price: formatMicros(basis.unitMicros) };
