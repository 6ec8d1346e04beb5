import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { GATEWAY_CHAIN, setRetention } from "../audit-log/index.ts";
import { operatorAccess, ownAccess } from "./access.ts";
import { refuseChain } from "./audit-log-shape.ts";
import { AuditRetentionSchema, RetentionDaysField } from "./audit-retention-shape.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import type { ManagementEnv } from "./services.ts";

const Body = z.strictObject({ days: RetentionDaysField });

const about = {
  method: "put" as const,
  description: "The cron deletes what is older, and the rest still verifies.",
  tags: ["audit log"],
  responses: answers200(AuditRetentionSchema, "What is in force now"),
};

const ofGateway = createRoute({
  ...about,
  path: "/audit-log/retention",
  summary: "Set how long the gateway's audit log is kept",
  ...operatorAccess,
  request: { body: bodyOf(Body) },
});

const ofTenant = createRoute({
  ...about,
  path: "/tenants/{tenant}/audit-log/retention",
  summary: "Set how long a tenant's audit log is kept",
  ...ownAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
});

export const putAuditRetention = (app: ManagementApp): void => {
  app.openapi(ofGateway, async (c) => answer(c, GATEWAY_CHAIN, c.req.valid("json").days));
  app.openapi(ofTenant, async (c) => answer(c, c.req.valid("param").tenant, c.req.valid("json").days));
};

async function answer(c: Context<ManagementEnv>, chain: string, days: number | null) {
  const refusal = await refuseChain(c, chain);
  if (refusal) return refuse(c, refusal);
  const { control, secrets } = c.get("services");
  await setRetention(control, secrets, { chain, days });
  return c.json({ days }, 200);
}
