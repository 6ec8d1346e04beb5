import type { Context } from "hono";
import { callApi, type Answer, type Problem } from "../api.ts";
import { listQuery, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Notice, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Accounts, type Account } from "./upstream/accounts.tsx";
import { Alerts, type Alert } from "./upstream/alerts.tsx";
import { Pauses, scopeOf, type Pause } from "./upstream/pauses.tsx";
import { UNCLEAR, UnclearJobs, type UnclearJob } from "./upstream/unclear-jobs.tsx";
import { UPSTREAM_PATH } from "./upstream/upstream-path.ts";

interface Shown {
  values?: Record<string, string>;
  problem?: Problem | null;
  /** An account whose balance was looked at just now. */
  checked?: Account | null;
}

interface UpstreamProps extends Shown {
  c: Context<ConsoleEnv>;
  accounts: readonly Account[];
  jobs: List<UnclearJob>;
  pauses: List<Pause>;
  alerts: List<Alert>;
}

const Upstream = (props: UpstreamProps) => {
  const { c, accounts, jobs, pauses, alerts, values = {}, problem = null, checked = null } = props;
  const url = new URL(UPSTREAM_PATH + new URL(c.req.url).search, c.req.url);
  return (
    <Page
      c={c}
      title="Upstream"
      lead="WaveSpeed as the gateway sees it, and what it asks of people."
      scripts={["live"]}
    >
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      {checked && <Checked account={checked} />}
      <article id="accounts" data-live="5">
        <h2>Accounts</h2>
        <Accounts c={c} accounts={accounts} />
      </article>
      <article id="alerts" data-live="15">
        <h2>Alerts</h2>
        <Alerts c={c} alerts={alerts} />
      </article>
      <article>
        <h2>Unclear jobs</h2>
        <UnclearJobs jobs={jobs} state={stateOf(c)} url={url} />
      </article>
      <article>
        <h2>Pauses</h2>
        <Pauses c={c} pauses={pauses} accounts={accounts.map(({ name }) => name)} values={values} problem={problem} />
      </article>
    </Page>
  );
};

const Checked = ({ account: { name, circuit, circuit_reason } }: { account: Account }) =>
  circuit === "closed" ? (
    <Notice tone="good">
      <p>{name}: its balance was read and suffices. Jobs go to it.</p>
    </Notice>
  ) : (
    <Notice tone="bad">
      <p>
        {name}: no job is sent to it. {circuit_reason}
      </p>
    </Notice>
  );

const stateOf = (c: Context): keyof typeof UNCLEAR =>
  c.req.query("state") === "unknown" ? "unknown" : "needs_operator";

async function page(c: Context<ConsoleEnv>, shown: Shown = {}, status = 200): Promise<Response> {
  const [accounts, jobs, pauses, alerts] = await Promise.all([
    callApi<{ data: Account[] }>(c, "GET", "/v1/accounts"),
    callApi<List<UnclearJob>>(c, "GET", `/v1/jobs${listQuery(c, { state: stateOf(c), limit: "20" })}`),
    callApi<List<Pause>>(c, "GET", "/v1/pauses?limit=100"),
    callApi<List<Alert>>(c, "GET", "/v1/alerts?limit=50"),
  ]);
  for (const part of [accounts, jobs, pauses, alerts]) if (!part.ok) return refused(c, "Upstream", part);
  if (!accounts.ok || !jobs.ok || !pauses.ok || !alerts.ok) throw new Error("unreachable: each part was answered");
  const parts = { accounts: accounts.value.data, jobs: jobs.value, pauses: pauses.value, alerts: alerts.value };
  const body = <Upstream c={c} {...parts} {...shown} />;
  return status === 200 ? c.html(body) : c.html(body, statusOf(status));
}

export const upstreamPage = (app: ConsoleApp): void => {
  app.get(UPSTREAM_PATH, (c) => page(c));

  app.post(UPSTREAM_PATH, async (c) => {
    const values = await formValues(c);
    const act = Object.hasOwn(ACTS, values["do"] ?? "") ? ACTS[values["do"] as keyof typeof ACTS] : null;
    if (values["do"] === "check") {
      const checked = await callApi<Account>(c, "POST", `/v1/accounts/${part(values, "account")}/check`);
      return checked.ok ? page(c, { checked: checked.value }) : page(c, { problem: checked.problem }, checked.status);
    }
    if (act === null) return page(c);
    const answer = await act.call(c, values);
    if (answer.ok) return c.redirect(doneAt(UPSTREAM_PATH, act.done), 303);
    return page(c, { values, problem: answer.problem }, answer.status);
  });
};

/** What came out of a form, as a part of an address. */
const part = (values: Record<string, string>, name: string): string => encodeURIComponent(values[name] || "-");

type Call = (c: Context<ConsoleEnv>, values: Record<string, string>) => Promise<Answer<unknown>>;

const ACTS = {
  pause: {
    done: "paused",
    call: (c, values) =>
      callApi(c, "PUT", `/v1/pauses/${part(values, "pause")}`, {
        body: { scope: scopeOf(values), reason: values["reason"] ?? "" },
      }),
  },
  resume: { done: "resumed", call: (c, values) => callApi(c, "DELETE", `/v1/pauses/${part(values, "pause")}`) },
  seen: {
    done: "seen",
    call: (c, values) =>
      callApi(c, "DELETE", `/v1/alerts/${part(values, "alert")}?count=${encodeURIComponent(values["count"] ?? "1")}`),
  },
} as const satisfies Record<string, { done: Parameters<typeof doneAt>[1]; call: Call }>;
