import { createRoute, z } from "@hono/zod-openapi";
import { findModel, validateInput, type ModelEntry } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { formatMicros } from "../money/index.ts";
import { admissibleRates } from "../settings/index.ts";
import { anyAccess } from "./access.ts";
import { AmountOut, InstantOut, TenantIdField, toInstantOrNull } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { makeQuote, type Quote } from "./quote.ts";
import { quotedTenant, type QuotedTenant } from "./quoted-tenant.ts";
import { answers200, bodyOf } from "./responses.ts";
import type { Services } from "./services.ts";

const Body = z.strictObject({
  model: z.string().min(1).max(200).openapi({ example: "kwaivgi/kling-v2.1-i2v-master" }),
  input: z.record(z.string(), z.unknown()).openapi({ description: "The body that would be submitted" }),
  tenant: TenantIdField.optional().openapi({ description: "For whom; needed with a management key" }),
});

const QuoteSchema = z
  .object({
    model: z.string(),
    seconds: z.number().int(),
    unit: z.enum(["second", "run"]),
    unit_price: AmountOut,
    price: AmountOut,
    cost: AmountOut.optional().openapi({ description: "What WaveSpeed charges; shown to operators" }),
    currency: z.literal("USD"),
    rate_version: z.number().int(),
    valid_until: InstantOut.nullable().openapi({ description: "When the next price begins; null: none is announced" }),
    next_price: AmountOut.nullable(),
  })
  .openapi("Quote");

const route = createRoute({
  method: "post",
  path: "/quotes",
  summary: "Quote a job: exactly what submitting it would hold",
  tags: ["prices"],
  ...anyAccess,
  request: { body: bodyOf(Body) },
  responses: answers200(QuoteSchema, "The quote; nothing is held"),
});

export const createQuote = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { model, input, tenant } = c.req.valid("json");
    const principal = c.get("principal");
    const whose = await quotedTenant(c.get("services"), principal, tenant);
    if (!whose.ok) return refuse(c, whose.error);
    const quote = await quoteFor(c.get("services"), whose.value, model, input);
    if (!quote.ok) return refuse(c, quote.error);
    return c.json(toShape(quote.value, principal.kind === "operator"), 200);
  });
};

async function quoteFor(
  services: Services,
  tenant: QuotedTenant,
  modelId: string,
  input: Record<string, unknown>,
): Promise<Result<Quote, Refusal>> {
  const model = findModel(modelId);
  if (!model) return err({ code: "unknown_model", message: `model ${modelId.slice(0, 100)} is not in the catalogue` });
  const valid = validateInput(model, withoutFlags(input));
  if (!valid.ok) {
    return err(invalidFields(valid.error.map((issue) => ({ ...issue, field: `input.${issue.field}` }))));
  }
  if (tenant.models && !tenant.models.includes(model.id)) return err(notAllowed(model));
  const settings = await services.settings();
  if (!settings.ok) return settings;
  const rates = admissibleRates(settings.value, model, services.now());
  return rates.ok ? ok(makeQuote(model, valid.value.seconds, rates.value)) : rates;
}

/** Flags of the gateway, not of the model: a body that can be submitted can be quoted as it is. */
const GATEWAY_FLAGS = new Set(["enable_sync_mode", "enable_base64_output"]);

const withoutFlags = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !GATEWAY_FLAGS.has(name)));

const notAllowed = (model: ModelEntry): Refusal => ({
  code: "model_not_allowed",
  message: `this key may not run model ${model.id}`,
});

const toShape = (quote: Quote, operator: boolean): z.infer<typeof QuoteSchema> => ({
  model: quote.model,
  seconds: quote.seconds,
  unit: quote.unit,
  unit_price: formatMicros(quote.unitMicros),
  price: formatMicros(quote.priceMicros),
  ...(operator && { cost: formatMicros(quote.costMicros) }),
  currency: "USD",
  rate_version: quote.rateVersion,
  valid_until: toInstantOrNull(quote.validUntil),
  next_price: quote.nextPriceMicros === null ? null : formatMicros(quote.nextPriceMicros),
});
