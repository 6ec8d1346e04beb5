import { createRoute } from "@hono/zod-openapi";
import { GATEWAY_CHAIN } from "../audit-log/index.ts";
import { manageAccess, operatorAccess } from "./access.ts";
import { refuseChain } from "./audit-log-shape.ts";
import { AuditRetentionSchema, retentionOf } from "./audit-retention-shape.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const about = {
  method: "get" as const,
  tags: ["audit log"],
  responses: answers200(AuditRetentionSchema, "What is in force"),
};

const ofGateway = createRoute({
  ...about,
  path: "/audit-log/retention",
  summary: "Show how long the gateway's audit log is kept",
  ...operatorAccess,
});

const ofTenant = createRoute({
  ...about,
  path: "/tenants/{tenant}/audit-log/retention",
  summary: "Show how long a tenant's audit log is kept",
  ...manageAccess,
  request: { params: TenantParams },
});

export const getAuditRetention = (app: ManagementApp): void => {
  app.openapi(ofGateway, async (c) => c.json(await retentionOf(c, GATEWAY_CHAIN), 200));
  app.openapi(ofTenant, async (c) => {
    const { tenant } = c.req.valid("param");
    const refusal = await refuseChain(c, tenant);
    return refusal ? refuse(c, refusal) : c.json(await retentionOf(c, tenant), 200);
  });
};
