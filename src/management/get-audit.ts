import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { AuditJobSchema, toAuditJob } from "./audit-shape.ts";
import { TenantIdField } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const AuditIdField = z
  .string()
  .regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hex digits")
  .openapi({ example: "0f6c1d7ab2934e58" });

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/audits/{audit_id}",
  summary: "Show an audit that runs as a job: how far it is, or what it found",
  tags: ["reports"],
  ...operatorAccess,
  request: { params: z.object({ tenant: TenantIdField, audit_id: AuditIdField }) },
  responses: answers200(AuditJobSchema, "The job; the newest 20 are kept"),
});

export const getAudit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, audit_id: id } = c.req.valid("param");
    const known = await knownTenant(c.get("services"), tenant);
    if (!known.ok) return refuse(c, known.error);
    const audit = await known.value.ledger.auditJob(id);
    if (!audit) return refuse(c, { code: "not_found", message: `audit ${id} does not exist` });
    return c.json(toAuditJob(audit), 200);
  });
};
