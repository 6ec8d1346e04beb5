import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { exportEntries, EXPORT_FORMATS, GATEWAY_CHAIN } from "../audit-log/index.ts";
import { manageAccess, operatorAccess } from "./access.ts";
import { hidesOperators, refuseChain, spanFields, timeOf } from "./audit-log-shape.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";
import type { ManagementEnv } from "./services.ts";

const Query = z.strictObject({ format: z.enum(EXPORT_FORMATS).default("ndjson"), ...spanFields });

const TYPES = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

const about = {
  method: "get" as const,
  description:
    "The oldest first, 100,000 at most: narrow from and to for more. Each line has its hash and the one before it, so that " +
    "anybody can check it without the gateway: docs/audit-log.md says how.",
  tags: ["audit log"],
  responses: {
    200: {
      description: "The entries",
      content: { "text/csv": { schema: z.string() }, "application/x-ndjson": { schema: z.string() } },
    },
    default: problemResponse,
  },
};

const ofGateway = createRoute({
  ...about,
  path: "/audit-log/export",
  summary: "Export the gateway's audit log as CSV or NDJSON",
  ...operatorAccess,
  request: { query: Query },
});

const ofTenant = createRoute({
  ...about,
  path: "/tenants/{tenant}/audit-log/export",
  summary: "Export a tenant's audit log as CSV or NDJSON",
  ...manageAccess,
  request: { params: TenantParams, query: Query },
});

export const exportAuditLog = (app: ManagementApp): void => {
  app.openapi(ofGateway, async (c) => answer(c, GATEWAY_CHAIN, c.req.valid("query")));
  app.openapi(ofTenant, async (c) => answer(c, c.req.valid("param").tenant, c.req.valid("query")));
};

async function answer(c: Context<ManagementEnv>, chain: string, { format, from, to }: z.infer<typeof Query>) {
  const refusal = await refuseChain(c, chain);
  if (refusal) return refuse(c, refusal);
  const span = { chain, format, from: timeOf(from), to: timeOf(to), hidesOperators: hidesOperators(c) };
  const made = await exportEntries(c.get("services").control, span);
  if (!made.ok) return refuse(c, made.error);
  const name = `audit-log-${chain === GATEWAY_CHAIN ? "gateway" : chain}.${format}`;
  const headers = { "content-type": TYPES[format], "content-disposition": `attachment; filename="${name}"` };
  return c.body(made.value, 200, { ...headers, "cache-control": "no-store" });
}
