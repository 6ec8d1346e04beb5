import type { Context } from "hono";
import { callApi } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { isOperator } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { tenantCall } from "../tenant-call.ts";
import { Page } from "../view/page.tsx";
import { ProblemNotice } from "../view/parts.tsx";
import { refused } from "../view/refused.tsx";
import { SpendChart } from "../view/spend-chart.tsx";
import { SpendFilters } from "../view/spend-filters.tsx";
import { SpendStats } from "../view/spend-stats.tsx";
import { Budgets } from "./overview/budgets.tsx";
import { labelled } from "./overview/labelled.ts";
import type { Overview } from "./overview/overview-shape.ts";
import { SetupSteps } from "./overview/setup-steps.tsx";

const LIVE_SECONDS = "5";

const CHARTS = [
  { value: "model", label: "Model" },
  { value: "team", label: "Team" },
  { value: "key", label: "Key" },
] as const;

interface KeyRow {
  id: string;
  name: string;
}

/** What a tenant spends, may spend, and runs. */
export const overviewPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/overview", async (c) => {
    const { tenant } = c.req.param();
    const { mode = "", from = "", to = "" } = c.req.query();
    const [answer, keys] = await Promise.all([
      callApi<Overview>(c, "GET", tenantCall(tenant, "overview", { mode, from, to })),
      callApi<{ data: KeyRow[] }>(c, "GET", tenantCall(tenant, "keys", { limit: "100" })),
    ]);
    const isAboutDays = !answer.ok && answer.problem.errors.some(({ field }) => field !== "tenant");
    if (!answer.ok && !isAboutDays) return refused(c, "Overview", unknownTenant(answer));
    const by = CHARTS.find(({ value }) => value === c.req.query("by"))?.value ?? "model";
    const asked = { mode: mode || "live", from, to };
    const path = tenantPath(tenant, "overview");
    const filters = (
      <SpendFilters path={path} asked={asked} by={by} charts={CHARTS} problem={answer.ok ? null : answer.problem} />
    );
    if (!answer.ok) {
      return c.html(
        <Page c={c} title="Overview">
          {filters}
          <ProblemNotice problem={answer.problem} />
        </Page>,
        400,
      );
    }
    const shown = { c, tenant, overview: answer.value, keys: keys.ok ? keys.value.data : [], by };
    return c.html(
      <Page c={c} title="Overview" lead={leadOf(answer.value)} scripts={["live", "chart"]}>
        {filters}
        <Glance {...shown} />
      </Page>,
    );
  });
};

/** An address that can be no tenant's is nobody's. */
const unknownTenant = <Refused extends { status: number }>(answer: Refused): Refused =>
  answer.status === 400 ? { ...answer, status: 404 } : answer;

const leadOf = ({ mode, time_zone }: Overview): string =>
  `${mode === "test" ? "Sandbox: nothing of it is billed" : "Live"}. Days are those of ${time_zone}.`;

interface GlanceProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  overview: Overview;
  keys: readonly KeyRow[];
  by: "model" | "team" | "key";
}

const Glance = ({ c, tenant, overview, keys, by }: GlanceProps) => {
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  const { outcomes, running_jobs, held } = overview;
  // By the last 30 days: a month that begins is no new tenant, nor are sums that were too much to read.
  const isNew = outcomes.completed + outcomes.failed + outcomes.cancelled + running_jobs === 0;
  const running = `${tenantPath(tenant, "jobs")}?status=running&mode=${overview.mode}`;
  return (
    <>
      {isNew && <SetupSteps c={c} tenant={tenant} hasBudget={overview.budgets.length > 0} hasKey={keys.length > 0} />}
      <div id="now" data-live={LIVE_SECONDS}>
        <SpendStats
          overview={overview}
          isTold={isOperator(c)}
          now={{ label: "Running now", value: <a href={running}>{running_jobs}</a>, held }}
        />
        <Budgets tenant={tenant} budgets={overview.budgets} keyNames={names} />
      </div>
      <article id="spend" data-live="30">
        <h2>Spend by {by}</h2>
        <SpendChart
          title={`Captured by day and ${by}`}
          of={CHARTS.find(({ value }) => value === by)?.label ?? ""}
          days={overview.days}
          series={labelled(overview[`by_${by}`], by === "key" ? names : new Map(), `No ${by}`)}
        />
      </article>
    </>
  );
};
