import { createRoute, z } from "@hono/zod-openapi";
import { localDay } from "../ledger/windows.ts";
import { DAY_ROWS_MAX } from "../reporting/day-rows.ts";
import { overview } from "../reporting/overview.ts";
import { spendByTenant } from "../reporting/spend-by-tenant.ts";
import { tenantNames } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { ByTenantSchema, overviewFields, OverviewQuerySchema, toByTenant, toOverview } from "./overview-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

export const GatewayOverviewSchema = z
  .object({
    ...overviewFields,
    by_tenant: ByTenantSchema,
    in_flight: z.number().int().openapi({ description: "Tasks at upstream accounts that have a limit of tasks" }),
    waiting: z.number().int().openapi({ description: "Jobs that wait for such an account" }),
  })
  .openapi("GatewayOverview");

const route = createRoute({
  method: "get",
  path: "/overview",
  summary: "Show the whole gateway's spend, margin and outcomes at a glance",
  description:
    "The sum of all tenants' reports, each by its own local days: what was captured on a day is what the tenants' own " +
    "overviews say of that day. `today` is the day in UTC. `by_tenant` reads the tenants' own roll-ups: as many of the newest days as " +
    "a page may read, and null where there are too many tenants for one.",
  tags: ["reports"],
  ...operatorAccess,
  request: { query: OverviewQuerySchema },
  responses: answers200(GatewayOverviewSchema, "The overview"),
});

export const getGatewayOverview = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, report, accounts, account, now: clock } = c.get("services");
    const { mode, from, to } = c.req.valid("query");
    const now = clock();
    const today = localDay(now, "UTC");
    const [found, loads] = await Promise.all([
      overview(report, { tenant: null, team: null, mode, now, today, timeZone: "UTC", from, to }),
      Promise.all(accounts.map(({ name }) => account(name).status(name))),
    ]);
    if (!found.ok) return refuse(c, found.error);
    const { chart, rowsRead } = found.value;
    const span = { mode, from: chart.days[0] ?? today, to: chart.days.at(-1) ?? today };
    // With what the rest of the page has left of the rows that one may read.
    const spend = await spendByTenant(report, { ...span, rowsMax: DAY_ROWS_MAX - rowsRead });
    const names = await tenantNames(control, spend?.series.flatMap(({ name }) => name ?? []) ?? []);
    const body = {
      mode,
      today,
      ...toOverview(found.value, true),
      by_tenant: toByTenant(spend, names),
      in_flight: loads.reduce((sum, { inUse }) => sum + inUse, 0),
      waiting: loads.reduce((sum, { waiting }) => sum + waiting, 0),
    };
    return c.json(body, 200);
  });
};
