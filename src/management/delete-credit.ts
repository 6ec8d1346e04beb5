import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { answerDeleted } from "./answer-change.ts";
import { TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/credit",
  summary: "Take a tenant's credit away",
  description: "Only at a balance of zero without holds. From then on its budgets alone bind it.",
  tags: ["credit"],
  ...operatorAccess,
  request: { params: TenantParams, headers: IdempotencyHeaders },
  responses: { 204: { description: "Deleted" }, default: problemResponse },
});

export const deleteCredit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant } = c.req.valid("param");
    return answerDeleted(c, tenant, (ledger) => ledger.change("close_credit", null, changeMeta(c, route, null)));
  });
};
