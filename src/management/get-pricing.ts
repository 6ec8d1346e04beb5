import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant, tenantInfo } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { PricingSchema, toPricing } from "./pricing-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/pricing",
  summary: "Show what a tenant pays",
  tags: ["prices"],
  ...operatorAccess,
  request: { params: TenantParams },
  responses: answers200(PricingSchema, "The pricing in force"),
});

export const getPricing = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { pricing } = await tenantInfo(known.value.ledger);
    return c.json(toPricing(pricing), 200);
  });
};
