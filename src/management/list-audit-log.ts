import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { GATEWAY_CHAIN, listEntries, type Position } from "../audit-log/index.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { FieldIssue } from "../errors/catalogue.ts";
import { manageAccess, operatorAccess } from "./access.ts";
import { AuditEntrySchema, hidesOperators, refuseChain, spanFields, timeOf, toAuditEntry } from "./audit-log-shape.ts";
import { TenantIdField, TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, encodeCursor, pageFields, pageOf } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import type { ManagementEnv } from "./services.ts";
import { shownValue } from "./shown-value.ts";

const Query = z.strictObject({
  ...pageFields,
  ...spanFields,
  actor: z.string().min(1).max(100).optional().openapi({ example: "person:9b1c22f04ad85e67" }),
  action: z.string().min(1).max(200).optional().openapi({ example: "PATCH /tenants/{tenant}" }),
});

const about = {
  method: "get" as const,
  description: "With both actor and action a page may be short, or empty: go on while there is a next_cursor.",
  tags: ["audit log"],
  responses: answers200(pageOf(AuditEntrySchema), "A page of entries"),
};

const ofGateway = createRoute({
  ...about,
  path: "/audit-log",
  summary: "List who changed what of the gateway, or of a tenant, newest first",
  ...operatorAccess,
  request: {
    query: Query.extend({ tenant: TenantIdField.optional().openapi({ description: "Absent: the gateway" }) }),
  },
});

const ofTenant = createRoute({
  ...about,
  path: "/tenants/{tenant}/audit-log",
  summary: "List who changed what of a tenant, newest first",
  ...manageAccess,
  request: { params: TenantParams, query: Query },
});

export const listAuditLog = (app: ManagementApp): void => {
  app.openapi(ofGateway, async (c) => {
    const { tenant, ...query } = c.req.valid("query");
    return answer(c, tenant ?? GATEWAY_CHAIN, query);
  });
  app.openapi(ofTenant, async (c) => answer(c, c.req.valid("param").tenant, c.req.valid("query")));
};

async function answer(c: Context<ManagementEnv>, chain: string, query: z.infer<typeof Query>) {
  const refusal = await refuseChain(c, chain);
  if (refusal) return refuse(c, refusal);
  const before = positionOf(query.cursor);
  if (!before.ok) return refuse(c, invalidFields([before.error]));
  const { limit, actor, action } = query;
  const [from, to] = [timeOf(query.from), timeOf(query.to)];
  const filters = { chain, actor, action, from, to, before: before.value, limit, hidesOperators: hidesOperators(c) };
  const page = await listEntries(c.get("services").control, filters);
  const next = page.next === null ? null : encodeCursor(`${page.next.at}.${page.next.seq}`);
  return c.json({ data: page.entries.map(toAuditEntry), next_cursor: next }, 200);
}

function positionOf(cursor: string | undefined): Result<Position | null, FieldIssue> {
  const text = decodeCursor(cursor);
  if (!text.ok) return text;
  if (text.value === "") return ok(null);
  const [, at, seq] = /^(\d{1,15})\.(\d{1,15})$/.exec(text.value) ?? [];
  if (at !== undefined && seq !== undefined) return ok({ at: Number(at), seq: Number(seq) });
  return err({ field: "cursor", rule: "must be a next_cursor of this list", value: shownValue(cursor) });
}
