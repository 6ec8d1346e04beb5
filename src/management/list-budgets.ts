import { createRoute } from "@hono/zod-openapi";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { seeAccess } from "./access.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf, PageQuery } from "./page.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ofTeamScope } from "./seen-by-team.ts";
import { teamOf } from "./services.ts";
import { tenantPage } from "./tenant-page.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/budgets",
  summary: "List a tenant's budgets, by id",
  tags: ["budgets"],
  ...seeAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(BudgetSchema), "A page of budgets"),
});

export const listBudgets = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant } = c.req.valid("param");
    const team = teamOf(c.get("principal"));
    const read = async (ledger: TenantLedgerApi) => ofTeamScope(ledger, await ledger.budgets(), team);
    const page = await tenantPage(c.get("services"), tenant, c.req.valid("query"), read);
    if (!page.ok) return refuse(c, page.error);
    return c.json({ data: page.value.rows.map(toBudget), next_cursor: page.value.next }, 200);
  });
};
