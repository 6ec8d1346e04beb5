import { createRoute, z } from "@hono/zod-openapi";
import { auditLedger } from "../ledger/audit/audit-ledger.ts";
import { operatorAccess } from "./access.ts";
import { AuditSchema, AuditJobSchema, toAudit, toAuditJob } from "./audit-shape.ts";
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
  description:
    "From the last checkpoint on. It changes no balance, and may move the checkpoint. " +
    "An audit that takes longer than a few seconds goes on as a job.",
  tags: ["reports"],
  ...operatorAccess,
  request: { params: TenantParams, query: Query },
  responses: {
    202: jsonOf(AuditJobSchema, "With ?full=true, or of a large ledger: a job; poll /audits/{audit_id}"),
    ...answers200(AuditSchema, "What the comparison found"),
  },
});

export const auditTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger } = known.value;
    if (c.req.valid("query").full === "true") {
      return c.json(toAuditJob(await ledger.beginAudit({ full: true })), 202);
    }
    const audited = await auditLedger(ledger);
    return audited.state === "job" ? c.json(toAuditJob(audited.job), 202) : c.json(toAudit(audited.report), 200);
  });
};
