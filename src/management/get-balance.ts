import { createRoute, z } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { CreditSchema, toCredit } from "./credit-shape.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ofTeamScope } from "./seen-by-team.ts";
import { teamOf } from "./services.ts";

const BalanceSchema = z
  .object({
    budgets: z.array(BudgetSchema),
    credit: CreditSchema.nullable().openapi({
      description: "null: the tenant has none, or the caller sees one team only",
    }),
  })
  .openapi("Balance");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/balance",
  summary: "Show what the ledger enforces",
  tags: ["budgets"],
  ...seeAccess,
  request: { params: TenantParams },
  responses: answers200(BalanceSchema, "Every budget with what its current window has used, and the credit"),
});

export const getBalance = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger } = known.value;
    const team = teamOf(c.get("principal"));
    const [all, credit] = await Promise.all([ledger.budgets(), ledger.credit()]);
    const budgets = await ofTeamScope(ledger, all, team);
    return c.json({ budgets: budgets.map(toBudget), credit: team === null && credit ? toCredit(credit) : null }, 200);
  });
};
