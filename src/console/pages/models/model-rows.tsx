import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ConsoleEnv } from "../../console-env.ts";
import type { ModelSchema } from "../../../management/model-shape.ts";
import { showMoney } from "../../show-money.ts";
import { Act } from "../../view/act.tsx";
import { Badge } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";

export type Model = z.infer<typeof ModelSchema>;

export const MODELS_PATH = "/console/models";

/** Where one model is shown. Its id has slashes, so it is in the query. */
export const modelPath = (id: string): string => `${MODELS_PATH}/prices?${new URLSearchParams({ model: id })}`;

export const priceOf = (rate: { unit_price: string; unit: string } | null): string =>
  rate === null ? "unpriced" : `${showMoney(rate.unit_price)} a ${rate.unit}`;

/** What WaveSpeed's list asks; where that fixes no price, the list's own words. */
export function listPrice({ listed }: Model): string {
  if (listed === null) return "not listed";
  if (listed.unit_price !== null) return `${showMoney(listed.unit_price)} a ${listed.unit}`;
  return listed.formula === "" ? `from ${showMoney(listed.base_price)}` : "by formula";
}

/** The models of a page, each with what can be done about it. `from`: the page's query, to come back to. */
export const ModelRows = ({ c, models, from }: { c: Context<ConsoleEnv>; models: readonly Model[]; from: string }) => (
  <Table heads={["Model", "State", "WaveSpeed charges", "Its list says", "Compared", "Change"]}>
    {models.map((model) => (
      <tr>
        <th scope="row">
          <a href={modelPath(model.id)}>{model.id}</a>
          <br />
          <small class="muted">{model.type}</small>
        </th>
        <td>
          <ModelState model={model} />
        </td>
        <td class="nowrap">{priceOf(model.cost)}</td>
        <td class="nowrap">{listPrice(model)}</td>
        <td>
          <Compared checks={model.price_checks} />
        </td>
        <td>
          <Switch c={c} model={model} from={from} />
        </td>
      </tr>
    ))}
  </Table>
);

export const ModelState = ({ model }: { model: Model }) => (
  <>
    {model.enabled ? <Badge tone="good">enabled</Badge> : <Badge>off</Badge>}{" "}
    {model.enabled && model.cost === null && <Badge tone="bad">unpriced</Badge>}{" "}
    {model.listed?.missing_since && <Badge tone="warn">no longer listed</Badge>}{" "}
    {model.schema_changed && <Badge tone="warn">schema changed</Badge>}
  </>
);

/** Whether our prices were seen to be WaveSpeed's own. */
const Compared = ({ checks }: { checks: Model["price_checks"] }) => {
  const differing = checks.filter(({ difference }) => difference !== null && !isZero(difference));
  const known = checks.filter(({ difference }) => difference !== null);
  if (differing.length > 0) return <Badge tone="bad">{`${differing.length} of ${known.length} differ`}</Badge>;
  return known.length > 0 ? <Badge tone="good">the same</Badge> : <span class="muted">not yet</span>;
};

export const isZero = (amount: string): boolean => /^-?0*\.?0*$/.test(amount);

/** Enables, or switches off; says why where neither can be done. */
export const Switch = ({ c, model, from }: { c: Context<ConsoleEnv>; model: Model; from: string }) => {
  const values = { do: "switch", model: model.id, from };
  if (model.enabled) {
    const confirm = `Switch ${model.id} off? New submits of it are refused within 30 seconds; running jobs go on.`;
    const off = { ...values, enabled: "no" };
    return <Act c={c} action={MODELS_PATH} does="Switch off" to={model.id} values={off} confirm={confirm} />;
  }
  if (model.cannot_enable !== null) return <small class="muted">{model.cannot_enable}</small>;
  return <Act c={c} action={MODELS_PATH} does="Enable" to={model.id} values={{ ...values, enabled: "yes" }} />;
};
