import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";

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
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const closed = await known.value.ledger.change("close_credit", null, changeMeta(c, route, null));
    return closed.ok ? c.body(null, 204, replayHeaders(closed.replayed)) : refuse(c, closed.error);
  });
};
