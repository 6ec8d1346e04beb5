import { createRoute } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { KeyIdField, TenantParams } from "./fields.ts";
import { KeySchema, toKey } from "./key-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/keys/{key_id}",
  summary: "Revoke a key",
  description: "Acts at once on spending. Revoking a revoked key answers the same.",
  tags: ["keys"],
  ...operatorAccess,
  request: { params: TenantParams.extend({ key_id: KeyIdField }) },
  responses: answers200(KeySchema, "The revoked key"),
});

export const revokeKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, key_id } = c.req.valid("param");
    const known = await knownTenant(c.get("services"), tenant);
    if (!known.ok) return refuse(c, known.error);
    const revoked = await known.value.ledger.revokeKey(key_id);
    return revoked.ok ? c.json(toKey(revoked.value), 200) : refuse(c, revoked.error);
  });
};
