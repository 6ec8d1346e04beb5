import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { FIELD_ISSUES_MAX } from "./field-issues.ts";
import { TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import { refuseUnknownModels } from "./known-models.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { fromPricing, PricingBody, PricingSchema, toPricing } from "./pricing-shape.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/pricing",
  summary: "Say what a tenant pays",
  description:
    "Replaces all of it, from the next submit on: jobs that were admitted and quotes that are valid keep their price. " +
    "A mark-up is taken of the whole job's cost and rounded half up to the micro-dollar, once.",
  tags: ["prices"],
  ...operatorAccess,
  // Mark-ups are taken of costs, which are told to operators alone: so is this log.
  "x-audit": { chain: "gateway" },
  request: { params: TenantParams, headers: IdempotencyHeaders, body: bodyOf(PricingBody) },
  responses: answers200(PricingSchema, "The new version"),
});

export const putPricing = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const read = fromPricing(body);
    if (read.issues) return refuse(c, invalidFields(read.issues.slice(0, FIELD_ISSUES_MAX)));
    const services = c.get("services");
    const unknown = await refuseUnknownModels(services, Object.keys(body.models), () => "models");
    if (unknown) return refuse(c, unknown);
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const put = await known.value.ledger.change("set_pricing", read.pricing, changeMeta(c, route, body));
    return put.ok ? c.json(toPricing(put.value), 200, replayHeaders(put.replayed)) : refuse(c, put.error);
  });
};
