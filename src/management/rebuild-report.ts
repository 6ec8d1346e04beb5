import { createRoute, z } from "@hono/zod-openapi";
import { err, ok, type Result } from "../errors/result.ts";
import type { FieldIssue } from "../errors/catalogue.ts";
import { rebuildSlice, type RebuildPosition } from "../reporting/rebuild-slice.ts";
import { sumUpGateway } from "../reporting/sum-up-gateway.ts";
import * as registry from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { TenantIdField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, encodeCursor } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import type { Services } from "./services.ts";
import { shownValue } from "./shown-value.ts";

const BodySchema = z.strictObject({
  tenant: TenantIdField.optional().openapi({ description: "Only this one; default: all" }),
  cursor: z.string().min(1).max(200).optional().openapi({ description: "next_cursor of the call before" }),
});

const SliceSchema = z
  .object({
    tenants: z.number().int().openapi({ description: "Tenants whose report became complete in this call" }),
    replayed: z.number().int().openapi({ description: "Journal entries replayed in this call" }),
    problems: z.array(z.string()),
    next_cursor: z.string().nullable(),
  })
  .openapi("RebuildSlice");

const route = createRoute({
  method: "post",
  path: "/report/rebuild",
  summary: "Drop D1 REPORT and replay the journals, a slice for each call",
  description: "Call again with next_cursor until it is null. Usage and jobs read low until then.",
  tags: ["reports"],
  ...operatorAccess,
  request: { body: bodyOf(BodySchema) },
  responses: answers200(SliceSchema, "What this call did"),
});

export const rebuildReport = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, cursor } = c.req.valid("json");
    const from = positionOf(cursor);
    if (!from.ok) return refuse(c, invalidFields([from.error]));
    const tenantsAfter = tenant === undefined ? allTenants(services) : onlyTenant(services, tenant);
    const slice = await rebuildSlice(services.report, from.value, tenantsAfter, services.ledger);
    const { tenants, replayed, problems, next } = slice;
    if (tenant === undefined && next === null) await sumUp(services.report, problems);
    return c.json({ tenants, replayed, problems, next_cursor: next && cursorOf(next) }, 200);
  });
};

/** What is of all tenants is right when all of them are, also where one failed: it is the sum of what there is. */
async function sumUp(report: D1Database, problems: string[]): Promise<void> {
  await sumUpGateway(report).catch((error: unknown) => problems.push(`the gateway's days: ${String(error)}`));
}

const allTenants = (services: Services) => async (after: string, limit: number) =>
  (await registry.listTenants(services.control, { after, limit })).map((row) => row.id);

const onlyTenant = (services: Services, tenant: string) => async (after: string) =>
  after < tenant && (await registry.findTenant(services.control, tenant)) ? [tenant] : [];

const cursorOf = ({ tenant, begun }: RebuildPosition): string => encodeCursor(`${begun ? "in" : "after"}:${tenant}`);

function positionOf(cursor: string | undefined): Result<RebuildPosition, FieldIssue> {
  const text = decodeCursor(cursor);
  if (!text.ok) return text;
  if (text.value === "") return ok({ tenant: "", begun: false });
  const [, where, tenant] = /^(in|after):([0-9a-f]{12})$/.exec(text.value) ?? [];
  if (tenant === undefined) {
    return err({ field: "cursor", rule: "must be a next_cursor of this call", value: shownValue(cursor) });
  }
  return ok({ tenant, begun: where === "in" });
}
