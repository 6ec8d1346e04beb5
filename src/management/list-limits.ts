import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import { LimitSchema, toLimit } from "./limit-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, pageById, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/limits",
  summary: "List a tenant's limits, by id",
  tags: ["limits"],
  ...operatorAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(LimitSchema), "A page of limits"),
});

export const listLimits = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const page = pageById(await known.value.ledger.limits(), after.value, limit);
    return c.json({ data: page.rows.map(toLimit), next_cursor: page.next }, 200);
  });
};
