import { callApi } from "../api.ts";
import type { List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import { withoutEmpty } from "../form-values.ts";
import { Page } from "../view/page.tsx";
import { ProblemNotice } from "../view/parts.tsx";
import { refused } from "../view/refused.tsx";
import { SpendChart } from "../view/spend-chart.tsx";
import { SpendFilters } from "../view/spend-filters.tsx";
import { SpendStats } from "../view/spend-stats.tsx";
import { Tenants } from "./gateway/tenants.tsx";
import { labelled } from "./overview/labelled.ts";
import type { GatewayOverview } from "./overview/overview-shape.ts";
import { Accounts, type Account } from "./upstream/accounts.tsx";
import { Alerts, type Alert } from "./upstream/alerts.tsx";

const LIVE_SECONDS = "5";
const ALERTS_MAX = 10;

/** Where operators come in: what all tenants spend, what it earns, and whether all is well. */
export const gatewayPage = (app: ConsoleApp): void => {
  app.get("/console/gateway", async (c) => {
    const { mode = "", from = "", to = "" } = c.req.query();
    const query = new URLSearchParams(withoutEmpty({ mode, from, to }));
    const [overview, accounts, alerts] = await Promise.all([
      callApi<GatewayOverview>(c, "GET", `/v1/overview?${query}`),
      callApi<{ data: Account[] }>(c, "GET", "/v1/accounts"),
      callApi<List<Alert>>(c, "GET", `/v1/alerts?limit=${ALERTS_MAX}`),
    ]);
    if (!accounts.ok) return refused(c, "Gateway", accounts);
    if (!alerts.ok) return refused(c, "Gateway", alerts);
    if (!overview.ok && overview.status !== 400) return refused(c, "Gateway", overview);
    const problem = overview.ok ? null : overview.problem;
    const asked = { mode: mode || "live", from, to };
    return c.html(
      <Page c={c} title="Gateway" lead="All tenants together, each by its own days." scripts={["live", "chart"]}>
        <SpendFilters path="/console/gateway" asked={asked} problem={problem} />
        {problem && <ProblemNotice problem={problem} />}
        <div id="now" data-live={LIVE_SECONDS}>
          {overview.ok && <Numbers overview={overview.value} />}
          <article>
            <h2>Open alerts</h2>
            <Alerts c={c} alerts={alerts.value} />
          </article>
          <article>
            <h2>WaveSpeed accounts</h2>
            <Accounts c={c} accounts={accounts.value.data} />
          </article>
        </div>
        {overview.ok && <Tenants of={overview.value} />}
        {overview.ok && (
          <article id="spend" data-live="30">
            <h2>Spend by model</h2>
            <SpendChart
              title="Captured by day and model"
              of="Model"
              days={overview.value.days}
              series={labelled(overview.value.by_model, new Map(), "No model")}
            />
          </article>
        )}
      </Page>,
      overview.ok ? 200 : 400,
    );
  });
};

const Numbers = ({ overview }: { overview: GatewayOverview }) => (
  <SpendStats
    overview={overview}
    isTold
    now={{ label: "At WaveSpeed now", value: overview.in_flight, note: `${overview.waiting} wait for room` }}
  />
);
