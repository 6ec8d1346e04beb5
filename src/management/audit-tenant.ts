import { createRoute, z } from "@hono/zod-openapi";
import type { AuditReport } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import { operatorAccess } from "./access.ts";
import { AmountOut, TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const AuditSchema = z
  .object({
    consistent: z.boolean(),
    entries: z.number().int(),
    captured: AmountOut,
    held: AmountOut,
    open_holds: z.number().int(),
    differences: z.array(z.string()),
  })
  .openapi("Audit");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/audit",
  summary: "Rebuild the balances from the journal and compare",
  tags: ["reports"],
  ...operatorAccess,
  request: { params: TenantParams },
  responses: answers200(AuditSchema, "What the comparison found; it changes nothing"),
});

export const auditTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await knownTenant(c.get("services"), c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    return c.json(toAudit(await known.value.ledger.audit()), 200);
  });
};

const toAudit = (report: AuditReport): z.infer<typeof AuditSchema> => ({
  consistent: report.consistent,
  entries: report.entries,
  captured: formatMicros(report.capturedMicros),
  held: formatMicros(report.heldMicros),
  open_holds: report.openHolds,
  differences: report.differences,
});
