import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { answerDeleted } from "./answer-change.ts";
import { SlugField, TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse } from "./problem.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/limits/{limit_id}",
  summary: "Delete a limit",
  description: "What it counted is gone: a limit made later counts the jobs that run, and submits from then on.",
  tags: ["limits"],
  ...manageAccess,
  "x-audit": { tells: ["scope.key"] },
  request: { params: TenantParams.extend({ limit_id: SlugField }), headers: IdempotencyHeaders },
  responses: { 204: { description: "Deleted" }, default: problemResponse },
});

export const deleteLimit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, limit_id } = c.req.valid("param");
    const meta = changeMeta(c, route, null);
    return answerDeleted(c, tenant, (ledger) => ledger.change("delete_limit", { id: limit_id }, meta));
  });
};
