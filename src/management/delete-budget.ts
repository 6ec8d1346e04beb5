import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { answerDeleted } from "./answer-change.ts";
import { SlugField, TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/budgets/{budget_id}",
  summary: "Delete a budget",
  description: "What it counted is not lost: a budget of the same scope made later counts it again.",
  tags: ["budgets"],
  ...manageAccess,
  "x-audit": { tells: ["scope.key"] },
  request: { params: TenantParams.extend({ budget_id: SlugField }), headers: IdempotencyHeaders },
  responses: { 204: { description: "Deleted" }, default: problemResponse },
});

export const deleteBudget = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, budget_id } = c.req.valid("param");
    const meta = changeMeta(c, route, null);
    return answerDeleted(c, tenant, (ledger) => ledger.change("delete_budget", { id: budget_id }, meta));
  });
};
