import { createRoute, z } from "@hono/zod-openapi";
import { localDay } from "../ledger/windows.ts";
import { overview } from "../reporting/overview.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { overviewFields, OverviewQuerySchema, toOverview } from "./overview-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

export const GatewayOverviewSchema = z
  .object({
    ...overviewFields,
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
    "overviews say of that day. `today` is the day in UTC.",
  tags: ["reports"],
  ...operatorAccess,
  request: { query: OverviewQuerySchema },
  responses: answers200(GatewayOverviewSchema, "The overview"),
});

export const getGatewayOverview = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { report, accounts, account, now: clock } = c.get("services");
    const { mode, from, to } = c.req.valid("query");
    const now = clock();
    const today = localDay(now, "UTC");
    const [found, loads] = await Promise.all([
      overview(report, { tenant: null, team: null, mode, now, today, timeZone: "UTC", from, to }),
      Promise.all(accounts.map(({ name }) => account(name).status(name))),
    ]);
    if (!found.ok) return refuse(c, found.error);
    const body = {
      mode,
      today,
      ...toOverview(found.value, true),
      in_flight: loads.reduce((sum, { inUse }) => sum + inUse, 0),
      waiting: loads.reduce((sum, { waiting }) => sum + waiting, 0),
    };
    return c.json(body, 200);
  });
};
