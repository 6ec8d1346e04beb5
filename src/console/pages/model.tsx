import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import type { List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues, withoutEmpty } from "../form-values.ts";
import { Act } from "../view/act.tsx";
import { Done } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { noSuchPage } from "../view/no-such-page.tsx";
import { Page } from "../view/page.tsx";
import { Notice, ProblemNotice, Stat, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { listPrice, modelPath, MODELS_PATH, ModelState, priceOf, Switch, type Model } from "./models/model-rows.tsx";
import { PriceChecks } from "./models/price-checks.tsx";
import { Versions, type RateCard } from "./models/versions.tsx";

const PATH = `${MODELS_PATH}/prices`;

interface ModelProps {
  c: Context<ConsoleEnv>;
  model: Model;
  card: RateCard | null;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const ModelPage = ({ c, model, card, values = {}, problem = null }: ModelProps) => {
  const from = `?${new URLSearchParams({ model: model.id })}`;
  return (
    <Page c={c} title={model.id} lead={model.description} actions={<Switch c={c} model={model} from={from} />}>
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      {model.schema_changed && <SchemaChanged c={c} model={model} from={from} />}
      <dl class="grid-stats">
        <Stat label="State" value={<ModelState model={model} />} note={model.type} />
        <Stat label="WaveSpeed charges" value={priceOf(model.cost)} note={sureOf(model)} />
        <Stat label="Its list says" value={listPrice(model)} note={listNote(model)} />
      </dl>
      {model.not_checked.length > 0 && (
        <Notice>
          <p>Left to WaveSpeed, and not checked before a submit: {model.not_checked.join("; ")}</p>
        </Notice>
      )}
      <article>
        <h2>Prices</h2>
        <Versions card={card} />
      </article>
      <article>
        <h2>Compared with WaveSpeed</h2>
        <PriceChecks checks={model.price_checks} />
      </article>
      <NextPrice c={c} model={model} values={values} problem={problem} />
      <p>
        <a href={MODELS_PATH}>All models</a>
      </p>
    </Page>
  );
};

const sureOf = ({ cost }: Model): string => {
  if (cost === null) return "no price, so no job is taken";
  return cost.confirmed ? "seen in a bill" : "not yet seen in a bill";
};

const listNote = ({ listed }: Model) => {
  if (listed === null) return "WaveSpeed's list never had it";
  if (listed.missing_since) return ["not listed since ", <Time at={listed.missing_since} />];
  return ["changed ", <Time at={listed.changed_at} />];
};

const SchemaChanged = ({ c, model, from }: { c: Context<ConsoleEnv>; model: Model; from: string }) => (
  <Notice tone="warn">
    <p>WaveSpeed has changed what this model takes since it was enabled. Jobs are checked by the old schema.</p>
    <Act
      c={c}
      action={MODELS_PATH}
      does="Take over the new schema"
      to={model.id}
      values={{ do: "switch", model: model.id, enabled: "yes", from }}
    />
  </Notice>
);

const NextPrice = ({ c, model, values = {}, problem = null }: Omit<ModelProps, "card">) => (
  <article>
    <h2>Next price</h2>
    <Form action={PATH} csrf={c.get("session").csrf}>
      <input type="hidden" name="model" value={model.id} />
      {/* Pressed twice, it is one version. */}
      <input type="hidden" name="once" value={crypto.randomUUID()} />
      <div class="fields">
        <Field
          name="unit_price"
          label="Price a unit, in dollars"
          value={values["unit_price"] ?? ""}
          placeholder={model.cost?.unit_price ?? "0.050000"}
          required
          problem={problem}
        />
        <Field
          name="unit"
          label="Unit"
          value={values["unit"] ?? model.cost?.unit ?? "second"}
          options={["second", "run"].map((unit) => ({ value: unit, label: unit }))}
          problem={problem}
        />
        <Field
          name="effective_from"
          label="From"
          value={values["effective_from"] ?? ""}
          placeholder="2026-12-01T00:00:00Z"
          hint="Empty: as soon as every part of the gateway can know it, in about a minute"
          problem={problem}
        />
        <Field
          name="source"
          label="Where it is from"
          value={values["source"] ?? ""}
          placeholder="WaveSpeed's price page"
          problem={problem}
        />
      </div>
      <p class="muted">
        It is what WaveSpeed charges; tenants pay it with their own mark-up. Jobs and quotes from before keep their
        price.
      </p>
      <button>Set the next price</button>
    </Form>
  </article>
);

/** A model by its id: the list looks for parts of ids, and the shortest that has it all is the model itself. */
async function read(c: Context<ConsoleEnv>, id: string) {
  const models = await callApi<List<Model>>(c, "GET", `/v1/models?${new URLSearchParams({ q: id, limit: "100" })}`);
  if (!models.ok) return models;
  const model = models.value.data.find((one) => one.id === id);
  const rates = await callApi<List<RateCard>>(c, "GET", `/v1/rates?${new URLSearchParams({ model: id })}`);
  if (!rates.ok) return rates;
  return { ok: true as const, model, card: rates.value.data[0] ?? null };
}

async function page(c: Context<ConsoleEnv>, id: string, shown: Pick<ModelProps, "values" | "problem">, status: number) {
  const found = await read(c, id);
  if (!found.ok) return refused(c, "Model", found);
  if (!found.model) return noSuchPage(c);
  const { model, card } = found;
  const body = <ModelPage c={c} model={model} card={card} {...shown} />;
  return status === 200 ? c.html(body) : c.html(body, statusOf(status));
}

export const modelPage = (app: ConsoleApp): void => {
  app.get(PATH, (c) => {
    const id = c.req.query("model") ?? "";
    return id === "" ? noSuchPage(c) : page(c, id, {}, 200);
  });

  app.post(PATH, async (c) => {
    const values = await formValues(c);
    const { model = "", unit_price = "", unit, effective_from, source, once } = values;
    const body = { model, unit_price, ...withoutEmpty({ unit, effective_from, source }) };
    const headers = { "idempotency-key": once ?? crypto.randomUUID() };
    const made = await callApi(c, "POST", "/v1/rates", { body, headers });
    if (made.ok) return c.redirect(`${modelPath(model)}&done=price`, 303);
    return page(c, model, { values, problem: made.problem }, made.status);
  });
};
