import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { BudgetBody, BudgetParams, readBudget } from "./budget-body.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/budgets/{budget_id}",
  summary: "Create or replace a budget",
  description: "Counts at once everything that was captured and is held in its current window.",
  tags: ["budgets"],
  ...manageAccess,
  "x-audit": { tells: ["scope.key"] },
  request: { params: BudgetParams, headers: IdempotencyHeaders, body: bodyOf(BudgetBody) },
  responses: answers200(BudgetSchema, "The budget as it stands"),
});

export const putBudget = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const asked = await readBudget(c.get("services"), c.req.valid("param"), body);
    if (!asked.ok) return refuse(c, asked.error);
    const { ledger, input } = asked.value;
    const put = await ledger.change("put_budget", input, changeMeta(c, route, body));
    return put.ok ? c.json(toBudget(put.value), 200, replayHeaders(put.replayed)) : refuse(c, put.error);
  });
};
