import { createRoute, z } from "@hono/zod-openapi";
import { validateInput, type ModelEntry } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { QuoteClaims } from "../keys/quote-token.ts";
import { admissibleRates, modelOf, refuseModel } from "../settings/index.ts";
import { anyAccess } from "./access.ts";
import { ModeField, TenantIdField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { makeQuote, type Quote } from "./quote.ts";
import { QuoteSchema, toQuote } from "./quote-shape.ts";
import { OPERATOR_QUOTE_SECONDS_MAX, quotedTenant, type QuotedTenant } from "./quoted-tenant.ts";
import { answers200, bodyOf } from "./responses.ts";
import { isOperator, type Services } from "./services.ts";

const Body = z.strictObject({
  model: z.string().min(1).max(200).openapi({ example: "kwaivgi/kling-v2.1-i2v-master" }),
  input: z.record(z.string(), z.unknown()).openapi({ description: "The body that would be submitted" }),
  tenant: TenantIdField.optional().openapi({ description: "For whom; needed with a management key" }),
  mode: ModeField.optional().openapi({ description: "Absent: the key's; live with a management key" }),
  valid_seconds: z
    .number()
    .int()
    .min(1)
    .max(OPERATOR_QUOTE_SECONDS_MAX)
    .optional()
    .openapi({ description: "How long it binds: 900 unless given, and at most, unless an operator asks" }),
});

const route = createRoute({
  method: "post",
  path: "/quotes",
  summary: "Quote a job: exactly what submitting it would hold, bound for a while",
  description:
    "Send `quote` as x-wavegate-quote with submits of the same model, mode and seconds, as often as you like until it " +
    "expires: each is held at the lower of this price and the one in force. Image and prompt may differ.",
  tags: ["prices"],
  ...anyAccess,
  // It changes nothing.
  "x-audit": false,
  request: { body: bodyOf(Body) },
  responses: answers200(QuoteSchema, "The quote; nothing is held"),
});

export const createQuote = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { model, input, ...terms } = c.req.valid("json");
    const principal = c.get("principal");
    const whose = await quotedTenant(services, principal, terms);
    if (!whose.ok) return refuse(c, whose.error);
    const quoted = await quoteFor(services, whose.value, model, input);
    if (!quoted.ok) return refuse(c, quoted.error);
    const { claims, quote } = quoted.value;
    return c.json(toQuote(claims, quote, { secrets: services.secrets, operator: isOperator(principal) }), 200);
  });
};

async function quoteFor(
  services: Services,
  tenant: QuotedTenant,
  modelId: string,
  input: Record<string, unknown>,
): Promise<Result<{ claims: QuoteClaims; quote: Quote }, Refusal>> {
  const settings = await services.settings();
  if (!settings.ok) return settings;
  const model = modelOf(settings.value, modelId);
  if (!model) return err(refuseModel(settings.value, modelId));
  const valid = validateInput(model, withoutFlags(input));
  if (!valid.ok) {
    return err(invalidFields(valid.error.map((issue) => ({ ...issue, field: `input.${issue.field}` }))));
  }
  if (tenant.models && !tenant.models.includes(model.id)) return err(notAllowed(model));
  const rates = admissibleRates(settings.value, model, services.now());
  if (!rates.ok) return rates;
  const { seconds } = valid.value;
  const quote = await makeQuote(tenant, model, seconds, rates.value);
  if (!quote.ok) return quote;
  const { priceMicros, rateVersion, pricingVersion } = quote.value;
  const claims = {
    id: Buffer.from(services.random(8)).toString("hex"),
    tenant: tenant.info.tenant,
    mode: tenant.mode,
    model: model.id,
    seconds,
    priceMicros,
    rateVersion,
    pricingVersion,
    expiresAt: services.now() + tenant.validSeconds * 1_000,
  };
  return ok({ claims, quote: quote.value });
}

/** Flags of the gateway, not of the model: a body that can be submitted can be quoted as it is. */
const GATEWAY_FLAGS = new Set(["enable_sync_mode", "enable_base64_output"]);

const withoutFlags = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !GATEWAY_FLAGS.has(name)));

const notAllowed = (model: ModelEntry): Refusal => ({
  code: "model_not_allowed",
  message: `this key may not run model ${model.id}`,
});
