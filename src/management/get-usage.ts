import { createRoute, z } from "@hono/zod-openapi";
import { localDay } from "../ledger/windows.ts";
import { formatMicros } from "../money/index.ts";
import { usage, type UsageRow, type UsageSum } from "../reporting/usage.ts";
import { USAGE_GROUPS, type UsageGroup } from "../reporting/usage-query.ts";
import { operatorAccess } from "./access.ts";
import { AmountOut, ModeField, TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const DAYS_DEFAULT = 30;
const DAY_MS = 86_400_000;

const GROUPS = new Set<string>(USAGE_GROUPS);
const isGroup = (name: string): name is UsageGroup => GROUPS.has(name);

const GroupBy = z
  .string()
  .max(100)
  .refine((text) => text.split(",").every(isGroup), `must be some of ${USAGE_GROUPS.join(", ")}, with commas`)
  .transform((text) => text.split(",").filter(isGroup))
  .openapi({ type: "string", example: "day,model" });

const Day = z.iso.date("must be a calendar day, YYYY-MM-DD");

const Query = z.strictObject({
  from: Day.optional().openapi({ description: "First local day of capture; absent: 30 days up to `to`" }),
  to: Day.optional().openapi({ description: "Last local day of capture; absent: today" }),
  group_by: GroupBy.optional(),
  mode: z.enum(["live", "test", "all"]).default("live"),
});

const Sum = z.object({ jobs: z.number().int(), seconds: z.number().int(), cost: AmountOut, price: AmountOut });

const Row = Sum.extend({
  day: z.string().optional(),
  model: z.string().optional(),
  team: z.string().nullable().optional(),
  key: z.string().optional(),
  mode: ModeField.optional(),
});

const UsageSchema = z
  .object({ from: z.string(), to: z.string(), counted_at: z.literal("capture"), data: z.array(Row), total: Sum })
  .openapi("Usage");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/usage",
  summary: "Sum what was captured",
  description: "By the tenant's local day on which a job was captured (budgets count at admission).",
  tags: ["reports"],
  ...operatorAccess,
  request: { params: TenantParams, query: Query },
  responses: answers200(UsageSchema, "Usage"),
});

export const getUsage = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { group_by, mode, ...span } = c.req.valid("query");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const to = span.to ?? localDay(services.now(), known.value.tenant.timeZone);
    const from = span.from ?? daysBefore(to, DAYS_DEFAULT - 1);
    const query = { tenant: known.value.tenant.id, from, to, groupBy: group_by ?? [], mode };
    const found = await usage(services.report, query);
    if (!found.ok) return refuse(c, found.error);
    const data = found.value.rows.map(toRow);
    return c.json({ from, to, counted_at: "capture" as const, data, total: toSum(found.value.total) }, 200);
  });
};

const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

function toRow({ costMicros, priceMicros, ...row }: UsageRow): z.infer<typeof Row> {
  return { ...row, cost: formatMicros(costMicros), price: formatMicros(priceMicros) };
}

const toSum = ({ jobs, seconds, costMicros, priceMicros }: UsageSum): z.infer<typeof Sum> => ({
  jobs,
  seconds,
  cost: formatMicros(costMicros),
  price: formatMicros(priceMicros),
});
