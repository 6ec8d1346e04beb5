import { createRoute, z } from "@hono/zod-openapi";
import { writeTenantStatus } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { ReasonField, TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";
import { TenantSchema, TenantStatusField, toTenant } from "./tenant-shape.ts";

const Body = z
  .strictObject({ status: TenantStatusField, reason: ReasonField.optional() })
  .refine(({ status, reason }) => status === "active" || reason !== undefined, {
    path: ["reason"],
    error: "is needed to suspend a tenant",
  });

const route = createRoute({
  method: "patch",
  path: "/tenants/{tenant}",
  summary: "Suspend a tenant, or let it go on",
  description:
    "Acts at once: a suspended tenant's submits are refused (403) with the reason. Its jobs settle, and its keys may " +
    "still read. The ledger is changed first and the list of tenants follows; the same call again finishes both.",
  tags: ["tenants"],
  ...operatorAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
  responses: answers200(TenantSchema, "The tenant as it is now"),
});

export const updateTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { status, reason } = c.req.valid("json");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger, tenant } = known.value;
    const meta = { actor: actorOf(c.get("principal")) };
    const changed = await ledger.change("set_status", { status, reason: reason ?? "" }, meta);
    if (!changed.ok) return refuse(c, changed.error);
    await writeTenantStatus(services.control, tenant.id, status);
    return c.json(toTenant(changed.value), 200);
  });
};
