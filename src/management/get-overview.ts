import { createRoute, z } from "@hono/zod-openapi";
import { localDay } from "../ledger/windows.ts";
import type { BudgetState } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import type { DayRow } from "../reporting/day-rows.ts";
import { forecastMicros } from "../reporting/forecast.ts";
import { overview, type Overview } from "../reporting/overview.ts";
import { seeAccess } from "./access.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { AmountOut, TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { overviewFields, OverviewQuerySchema, tenantCharts, toOverview, toSeries } from "./overview-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ofTeamScope } from "./seen-by-team.ts";
import { isOperator, teamOf } from "./services.ts";

const BudgetAhead = BudgetSchema.extend({
  forecast: AmountOut.nullable().openapi({
    description:
      "What the window will have used when it ends: captured, held, and the pace of the last 7 whole days for the time " +
      "that is left. null: too little to tell by, a window without end, or a budget of a tag",
  }),
}).openapi("BudgetAhead");

export const OverviewSchema = z
  .object({
    ...overviewFields,
    time_zone: z.string(),
    running_jobs: z.number().int().openapi({ description: "Admitted and not ended, this moment" }),
    held: AmountOut,
    budgets: z.array(BudgetAhead),
    ...tenantCharts,
  })
  .openapi("Overview");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/overview",
  summary: "Show a tenant's spend, budgets, running jobs and outcomes at a glance",
  description:
    "Budgets, held and running jobs are the ledger's; the rest is the report's, which follows it by seconds. Days are " +
    "the tenant's. A member who sees one team sees that team's.",
  tags: ["reports"],
  ...seeAccess,
  request: { params: TenantParams, query: OverviewQuerySchema },
  responses: answers200(OverviewSchema, "The overview"),
});

export const getOverview = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { mode, from, to } = c.req.valid("query");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger, tenant } = known.value;
    const principal = c.get("principal");
    const team = teamOf(principal);
    const now = services.now();
    const today = localDay(now, tenant.timeZone);
    const [found, all, standing] = await Promise.all([
      overview(services.report, { tenant: tenant.id, team, mode, now, today, timeZone: tenant.timeZone, from, to }),
      ledger.budgets(),
      ledger.standing(),
    ]);
    if (!found.ok) return refuse(c, found.error);
    const ofMode = all.filter((budget) => budget.mode === mode);
    const budgets = await ofTeamScope(ledger, ofMode, team);
    const open = standing.open.filter((jobs) => jobs.mode === mode && (team === null || jobs.team === team));
    const { by } = found.value.chart;
    const body = {
      mode,
      today,
      time_zone: tenant.timeZone,
      ...toOverview(found.value, isOperator(principal)),
      running_jobs: open.reduce((sum, { jobs }) => sum + jobs, 0),
      held: formatMicros(open.reduce((sum, { heldMicros }) => sum + heldMicros, 0)),
      budgets: budgets.map((budget) => ({ ...toBudget(budget), forecast: aheadOf(budget, found.value, now) })),
      by_team: by.team.map(toSeries),
      by_key: by.key.map(toSeries),
    };
    return c.json(body, 200);
  });
};

function aheadOf(budget: BudgetState, { pace }: Overview, now: number): string | null {
  const fits = fitsScope(budget);
  if (!fits) return null;
  const used = budget.capturedMicros + budget.heldMicros;
  const ahead = forecastMicros(used, pace(fits), now, budget.windowEnd);
  return ahead === null ? null : formatMicros(ahead);
}

/** Which rows of the roll-up are of a budget's scope; null: it does not know tags. */
function fitsScope({ scope }: BudgetState): ((row: DayRow) => boolean) | null {
  switch (scope.kind) {
    case "tenant":
      return () => true;
    case "team":
      return ({ team }) => team === scope.team;
    case "key":
      return ({ key }) => key === scope.key;
    case "model":
      return ({ model }) => model === scope.model;
    case "tag":
      return null;
  }
}
