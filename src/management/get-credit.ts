import { createRoute } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { seeAccess } from "./access.ts";
import { CreditSchema, toCredit } from "./credit-shape.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { teamOf } from "./services.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/credit",
  summary: "Show a tenant's credit",
  tags: ["credit"],
  ...seeAccess,
  request: { params: TenantParams },
  responses: answers200(CreditSchema, "The credit; 404 where the tenant has none"),
});

export const getCredit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    // What the whole tenant has is not for whoever sees one team of it.
    if (teamOf(c.get("principal")) !== null) return refuse(c, NO_CREDIT);
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const credit = await known.value.ledger.credit();
    if (!credit) return refuse(c, NO_CREDIT);
    return c.json(toCredit(credit), 200);
  });
};

const NO_CREDIT: Refusal = { code: "not_found", message: "this tenant has no credit" };
