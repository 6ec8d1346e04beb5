import { createRoute, z } from "@hono/zod-openapi";
import { auditLedger } from "../ledger/audit/audit-ledger.ts";
import { operatorAccess } from "./access.ts";
import { AuditSchema, FullAuditSchema, toAudit, toFullAudit } from "./audit-shape.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, jsonOf } from "./responses.ts";

const Query = z.strictObject({
  full: z
    .enum(["true", "false"])
    .optional()
    .openapi({ description: "Replay everything, archived entries included, as a job to poll" }),
});

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/audit",
  summary: "Rebuild the balances from the journal and compare",
  description: "From the last checkpoint on. It changes no balance; a consistent one may write a new checkpoint.",
  tags: ["reports"],
  ...operatorAccess,
  request: { params: TenantParams, query: Query },
  responses: {
    202: jsonOf(FullAuditSchema, "With ?full=true: the job; its result is at /audits/{audit_id}"),
    ...answers200(AuditSchema, "What the comparison found"),
  },
});

export const auditTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger } = known.value;
    if (c.req.valid("query").full === "true") return c.json(toFullAudit(await ledger.beginFullAudit()), 202);
    const audited = await auditLedger(ledger);
    return audited.ok ? c.json(toAudit(audited.value), 200) : refuse(c, audited.error);
  });
};
