import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, pageById, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/budgets",
  summary: "List a tenant's budgets, by id",
  tags: ["budgets"],
  ...operatorAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(BudgetSchema), "A page of budgets"),
});

export const listBudgets = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const page = pageById(await known.value.ledger.budgets(), after.value, limit);
    return c.json({ data: page.rows.map(toBudget), next_cursor: page.next }, 200);
  });
};
