import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import type { List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues, withoutEmpty } from "../form-values.ts";
import { Act } from "../view/act.tsx";
import { Done } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Empty, Notice, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { ModelRows, MODELS_PATH, type Model } from "./models/model-rows.tsx";

interface SyncReport {
  models: number;
  malformed: number;
  added: number;
  changed: number;
  missing: number;
}

interface ModelsProps {
  c: Context<ConsoleEnv>;
  list: List<Model>;
  /** What is looked for, as in the address. */
  query: Record<string, string>;
  problem?: Problem | null;
  synced?: SyncReport | null;
  /** The list was read and not believed: a person may. */
  doubted?: boolean;
}

const Models = ({ c, list, query, problem = null, synced = null, doubted = false }: ModelsProps) => {
  const url = new URL(`${MODELS_PATH}?${new URLSearchParams(query)}`, c.req.url);
  return (
    <Page
      c={c}
      title="Models and prices"
      lead="What can be run, and what WaveSpeed charges for it."
      actions={<Act c={c} action={MODELS_PATH} does="Sync now" to="with WaveSpeed's list" values={{ do: "sync" }} />}
    >
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      {doubted && <BelieveIt c={c} />}
      {synced && <Synced report={synced} />}
      <Filters query={query} />
      <article>
        {list.data.length === 0 ? (
          <Empty title="No such model">
            <p>
              WaveSpeed's list is read once an hour, and with "Sync now". <a href={MODELS_PATH}>Show all models</a>
            </p>
          </Empty>
        ) : (
          <ModelRows c={c} models={list.data} from={url.search} />
        )}
        <Pager url={url} cursor={list.next_cursor} />
      </article>
    </Page>
  );
};

const Filters = ({ query }: { query: Record<string, string> }) => (
  <form method="get" action={MODELS_PATH} class="filters">
    <label>
      Part of the id
      <input type="search" name="q" maxlength={100} value={query["q"] ?? ""} />
    </label>
    <label>
      State
      <select name="enabled">
        {Object.entries({ "": "Any", true: "Enabled", false: "Off" }).map(([value, label]) => (
          <option value={value} {...(value === (query["enabled"] ?? "") && { selected: true })}>
            {label}
          </option>
        ))}
      </select>
    </label>
    <button class="quiet">Show</button>
  </form>
);

const Synced = ({ report }: { report: SyncReport }) => (
  <Notice tone="good">
    <p>
      WaveSpeed lists {report.models} models: {report.added} new, {report.changed} changed, {report.missing} that it has
      no more{report.malformed > 0 && `, ${report.malformed} that could not be read`}. Nothing was enabled and no price
      of ours changed.
    </p>
  </Notice>
);

const BelieveIt = ({ c }: { c: Context<ConsoleEnv> }) => (
  <p>
    <Act
      c={c}
      action={MODELS_PATH}
      does="Sync, even if the list has shrunk"
      to=""
      values={{ do: "sync", accept_fewer: "yes" }}
      confirm="Believe a list that has become less than half as long? What it lacks is marked as no longer listed."
    />
  </p>
);

const queryOf = (c: Context): Record<string, string> => {
  const { q, enabled, cursor } = c.req.query();
  return withoutEmpty({ q, enabled, cursor });
};

async function page(c: Context<ConsoleEnv>, shown: Omit<ModelsProps, "c" | "list">, status = 200): Promise<Response> {
  const list = await callApi<List<Model>>(c, "GET", `/v1/models?${new URLSearchParams(shown.query)}`);
  if (!list.ok) return refused(c, "Models and prices", list);
  return c.html(<Models c={c} list={list.value} {...shown} />, statusOf200(status));
}

const statusOf200 = (status: number) => (status === 200 ? (200 as const) : statusOf(status));

export const modelsPage = (app: ConsoleApp): void => {
  app.get(MODELS_PATH, (c) => page(c, { query: queryOf(c) }));

  app.post(MODELS_PATH, async (c) => {
    const values = await formValues(c);
    if (values["do"] === "sync") {
      const body = { accept_fewer: values["accept_fewer"] === "yes" };
      const synced = await callApi<SyncReport>(c, "POST", "/v1/models/sync", { body });
      if (synced.ok) return page(c, { query: {}, synced: synced.value });
      const doubted = synced.problem.code === "conflict";
      return page(c, { query: {}, problem: synced.problem, doubted }, synced.status);
    }
    const body = { model: values["model"] ?? "", enabled: values["enabled"] === "yes" };
    const set = await callApi(c, "PUT", "/v1/models", { body });
    const from = new URLSearchParams(values["from"]);
    if (!set.ok) {
      from.delete("done");
      return page(c, { query: Object.fromEntries(from), problem: set.problem }, set.status);
    }
    from.set("done", "saved");
    return c.redirect(`${from.has("model") ? `${MODELS_PATH}/prices` : MODELS_PATH}?${from}`, 303);
  });
};
