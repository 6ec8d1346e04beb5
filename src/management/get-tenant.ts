import { createRoute } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant, tenantInfo } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { TenantSchema, toTenant } from "./tenant-shape.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}",
  summary: "Show a tenant",
  tags: ["tenants"],
  ...seeAccess,
  request: { params: TenantParams },
  responses: answers200(TenantSchema, "The tenant"),
});

export const getTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    return c.json(toTenant(await tenantInfo(known.value.ledger)), 200);
  });
};
