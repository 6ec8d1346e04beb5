import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { CreditSchema, toCredit } from "./credit-shape.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/credit",
  summary: "Show a tenant's credit",
  tags: ["credit"],
  ...operatorAccess,
  request: { params: TenantParams },
  responses: answers200(CreditSchema, "The credit; 404 where the tenant has none"),
});

export const getCredit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const credit = await known.value.ledger.credit();
    if (!credit) return refuse(c, { code: "not_found", message: "this tenant has no credit" });
    return c.json(toCredit(credit), 200);
  });
};
