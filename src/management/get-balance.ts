import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const BalanceSchema = z
  .object({
    budgets: z.array(BudgetSchema),
    credit: z.null().openapi({ description: "This gateway gives no credit" }),
  })
  .openapi("Balance");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/balance",
  summary: "Show what the ledger enforces",
  tags: ["budgets"],
  ...operatorAccess,
  request: { params: TenantParams },
  responses: answers200(BalanceSchema, "Every budget with what its current window has used"),
});

export const getBalance = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const budgets = await known.value.ledger.budgets();
    return c.json({ budgets: budgets.map(toBudget), credit: null }, 200);
  });
};
