import { createRoute } from "@hono/zod-openapi";
import { readAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { NOT_A_TENANT } from "./services.ts";
import { OwnUsageSchema, readUsage, toOwnSum, UsageQuerySchema } from "./usage-shape.ts";

const Query = UsageQuerySchema.extend({
  mode: UsageQuerySchema.shape.mode.removeDefault().optional().openapi({ description: "Absent: the key's" }),
});

const route = createRoute({
  method: "get",
  path: "/me/usage",
  summary: "Sum what was captured of this key's jobs",
  description: "By the tenant's local day on which a job was captured (budgets count at admission).",
  tags: ["tenant"],
  ...readAccess,
  request: { query: Query },
  responses: answers200(OwnUsageSchema, "Usage of this key"),
});

export const getOwnUsage = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const principal = c.get("principal");
    if (principal.kind !== "tenant") return refuse(c, NOT_A_TENANT);
    const { tenant, timeZone } = principal.tenant;
    const { mode = principal.key.mode, ...query } = c.req.valid("query");
    const of = { tenant, timeZone, key: principal.key.id };
    const read = await readUsage(c.get("services"), of, { ...query, mode });
    if (!read.ok) return refuse(c, read.error);
    const { from, to, rows, total } = read.value;
    return c.json({ from, to, counted_at: "capture" as const, data: rows.map(toOwnSum), total: toOwnSum(total) }, 200);
  });
};
