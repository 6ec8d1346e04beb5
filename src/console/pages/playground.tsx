import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { showMoney } from "../show-money.ts";
import { Form } from "../view/form.tsx";
import { noSuchPage } from "../view/no-such-page.tsx";
import { Page } from "../view/page.tsx";
import { Empty, ProblemNotice } from "../view/parts.tsx";
import { asCurl, asJavaScript, asPython } from "./playground/code.ts";
import { inputFields, readInput, type InputField } from "./playground/input-fields.ts";
import { ModelField } from "./playground/model-form.tsx";
import { Result, type JobDetail } from "./playground/result.tsx";

interface OfferedModel {
  id: string;
  name: string;
  type: string;
  description: string;
  unit: "second" | "run";
  unit_price: string;
  input_schema: Record<string, unknown>;
}

interface PlaygroundProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  models: OfferedModel[];
  model: OfferedModel;
  mode: string;
  values: Record<string, string>;
  problem?: Problem | null;
  /** What this input would hold; null: not asked, or it cannot be told yet. */
  price?: string | null;
  job?: JobDetail | null;
}

const Playground = (props: PlaygroundProps) => {
  const { c, tenant, models, model, mode, values, problem = null, price = null, job = null } = props;
  const fields = inputFields(model.input_schema);
  const path = tenantPath(tenant, "playground");
  const told = price ?? `${model.unit_price} a ${model.unit}`;
  return (
    <Page
      c={c}
      title="Playground"
      lead="Run a model and watch it, in the sandbox or for money."
      scripts={["live", "playground"]}
    >
      <form method="get" action={path} class="filters">
        <label>
          Model
          <select name="model">
            {models.map(({ id, name }) => (
              <option value={id} {...(id === model.id && { selected: true })}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button class="quiet">Show</button>
      </form>
      {problem && <ProblemNotice problem={problem} />}
      <div class="two">
        <article>
          <h2>{model.name}</h2>
          <p class="muted">{model.description}</p>
          <Form action={path} csrf={c.get("session").csrf} class="playground">
            <input type="hidden" name="model" value={model.id} />
            <input type="hidden" name="tenant" value={tenant} />
            {/* Pressed twice, it is one job. */}
            <input type="hidden" name="once" value={crypto.randomUUID()} />
            {fields.map((field) => (
              <ModelField field={field} value={values[`input.${field.name}`] ?? field.initial} problem={problem} />
            ))}
            <fieldset>
              <legend>Where</legend>
              <label>
                <input type="radio" name="mode" value="test" {...(mode !== "live" && { checked: true })} />
                Sandbox: simulated, never billed
              </label>
              <label>
                <input type="radio" name="mode" value="live" {...(mode === "live" && { checked: true })} />
                Live: WaveSpeed makes it, and it is charged
              </label>
            </fieldset>
            <p>
              Price{" "}
              <strong>
                <output id="price" data-unit={`${showMoney(model.unit_price)} a ${model.unit}`}>
                  {price === null ? `${showMoney(model.unit_price)} a ${model.unit}` : showMoney(told)}
                </output>
              </strong>
            </p>
            <div class="inline">
              <button name="do" value="run">
                Run
              </button>
              <button name="do" value="price" class="quiet">
                Show price and code
              </button>
            </div>
          </Form>
        </article>
        <div>
          {job ? (
            <Result tenant={tenant} job={job} />
          ) : (
            <article>
              <Empty title="Nothing was run yet">
                <p>The result plays here. Sandbox jobs take a few seconds.</p>
              </Empty>
            </article>
          )}
          <Code c={c} model={model.id} input={readInput(fields, { ...initials(fields), ...values })} />
        </div>
      </div>
    </Page>
  );
};

const initials = (fields: readonly InputField[]): Record<string, string> =>
  Object.fromEntries(fields.map(({ name, initial }) => [`input.${name}`, initial]));

const Code = ({ c, model, input }: { c: Context<ConsoleEnv>; model: string; input: Record<string, unknown> }) => {
  const call = { gateway: new URL(c.req.url).origin, model, input };
  const shown = { curl: asCurl(call), JavaScript: asJavaScript(call), Python: asPython(call) };
  return (
    <article>
      <h2>The same as code</h2>
      {Object.entries(shown).map(([name, code]) => (
        <details id={`as-${name}`} {...(name === "curl" && { open: true })}>
          <summary>{name}</summary>
          <pre class="scroll" tabindex={0}>
            <code id={`code-${name}`}>{code}</code>
          </pre>
          <button type="button" class="quiet small" data-copy={`code-${name}`}>
            Copy
          </button>
        </details>
      ))}
    </article>
  );
};

/** The models that this tenant can run, and the one that was chosen. */
async function offered(c: Context<ConsoleEnv>, tenant: string, chosen: string | undefined) {
  const answer = await callApi<{ data: OfferedModel[] }>(c, "GET", `/v1/tenants/${tenant}/models?limit=100`);
  if (!answer.ok) return answer;
  const models = answer.value.data;
  return { ok: true as const, models, model: models.find(({ id }) => id === chosen) ?? firstOf(models) };
}

/** One that needs words alone, where there is one: it runs at once. */
const firstOf = (models: readonly OfferedModel[]): OfferedModel | null =>
  models.find(({ type }) => type === "text-to-video") ?? models[0] ?? null;

const NoModel = ({ c }: { c: Context<ConsoleEnv> }) => (
  <Page c={c} title="Playground">
    <article>
      <Empty title="No model can be run">
        <p>An operator enables models and gives them a price.</p>
      </Empty>
    </article>
  </Page>
);

export const playgroundPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/playground", async (c) => {
    const { tenant } = c.req.param();
    const found = await offered(c, tenant, c.req.query("model"));
    if (!found.ok) return found.status === 404 ? noSuchPage(c) : c.html(<Refused c={c} problem={found.problem} />, 403);
    if (!found.model) return c.html(<NoModel c={c} />);
    const job = await readJob(c, tenant, c.req.query("job"));
    const values = job ? valuesOf(job) : {};
    const shared = { c, tenant, models: found.models, model: found.model, values, job };
    return c.html(<Playground {...shared} mode={job?.mode ?? "test"} price={job?.held ?? null} />);
  });

  app.post("/console/t/:tenant/playground", async (c) => {
    const { tenant } = c.req.param();
    const values = await formValues(c);
    const found = await offered(c, tenant, values["model"]);
    if (!found.ok) return found.status === 404 ? noSuchPage(c) : c.html(<Refused c={c} problem={found.problem} />, 403);
    if (!found.model) return c.html(<NoModel c={c} />);
    const { model } = found;
    const input = readInput(inputFields(model.input_schema), values);
    const mode = values["mode"] === "live" ? "live" : "test";
    const shared = { c, tenant, models: found.models, model, mode, values };
    if (values["do"] === "price") {
      const body = { model: model.id, input, tenant, mode };
      const quote = await callApi<{ price: string }>(c, "POST", "/v1/quotes", { body });
      if (quote.ok) return c.html(<Playground {...shared} price={quote.value.price} />);
      return c.html(<Playground {...shared} problem={quote.problem} />, 400);
    }
    const run = await callApi<{ id: string }>(c, "POST", `/v1/tenants/${tenant}/jobs`, {
      body: { model: model.id, input, mode },
      headers: { "idempotency-key": values["once"] ?? crypto.randomUUID() },
    });
    if (!run.ok) return c.html(<Playground {...shared} problem={run.problem} />, 400);
    const query = new URLSearchParams({ model: model.id, job: run.value.id });
    return c.redirect(`${tenantPath(tenant, "playground")}?${query}`, 303);
  });
};

async function readJob(c: Context<ConsoleEnv>, tenant: string, id: string | undefined): Promise<JobDetail | null> {
  if (id === undefined) return null;
  const answer = await callApi<JobDetail>(c, "GET", `/v1/tenants/${tenant}/jobs/${encodeURIComponent(id)}`);
  return answer.ok ? answer.value : null;
}

/** What was run, for the form; empty where the tenant does not keep inputs. */
function valuesOf({ input }: JobDetail): Record<string, string> {
  const kept = input?.input;
  if (typeof kept !== "object" || kept === null) return {};
  const entries = Object.entries(kept).map(([name, value]) => [
    `input.${name}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

const Refused = ({ c, problem }: { c: Context<ConsoleEnv>; problem: Problem }) => (
  <Page c={c} title="Playground">
    <ProblemNotice problem={problem} />
  </Page>
);
