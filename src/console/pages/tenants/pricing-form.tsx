import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import type { PricingSchema } from "../../../management/pricing-shape.ts";
import { Field, Form } from "../../view/form.tsx";

export type Pricing = z.infer<typeof PricingSchema>;
type Values = Record<string, string>;

const percentOf = (bps: number): string => String(bps / 100);

/** Percent as typed, in basis points; what is none is passed on for the API to refuse. */
function bpsOf(text: string): number | string {
  const [, sign = "", whole = "", part = ""] = /^([-+]?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (whole === "") return text;
  const bps = Number(whole) * 100 + Number(part.padEnd(2, "0"));
  return sign === "-" ? -bps : bps;
}

export const valuesOfPricing = ({ markup_bps, models }: Pricing): Values => ({
  markup: percentOf(markup_bps),
  models: Object.entries(models)
    .map(([id, basis]) => `${id} ${"markup_bps" in basis ? `${percentOf(basis.markup_bps)}%` : basis.unit_price}`)
    .join("\n"),
});

/** The API's body of what the form says: a line is a model and its mark-up in percent, or its price a unit. */
export const pricingBody = (values: Values) => ({
  markup_bps: bpsOf(values["markup"] ?? ""),
  models: Object.fromEntries((values["models"] ?? "").split("\n").flatMap(lineOf)),
});

function lineOf(line: string): [string, unknown][] {
  const [model = "", ...rest] = line.trim().split(/\s+/);
  const price = rest.join("");
  if (model === "") return [];
  if (price.endsWith("%")) return [[model, { markup_bps: bpsOf(price.slice(0, -1)) }]];
  return [[model, price === "" ? null : { unit_price: price.replace(/^\$/, "") }]];
}

interface FormProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: Values;
  problem: Problem | null;
}

export const PricingForm = ({ c, tenant, values, problem }: FormProps) => (
  <Form action={`/console/tenants/${tenant}/pricing`} csrf={c.get("session").csrf}>
    <Field
      name="markup"
      field="markup_bps"
      label="Mark-up on cost (percent)"
      value={values["markup"] ?? ""}
      hint="15 is 15 % on top, -10 is 10 % off. From the next submit on; jobs and quotes keep theirs."
      problem={problem}
    />
    <Field
      name="models"
      label="Models that are priced otherwise"
      value={values["models"] ?? ""}
      rows={3}
      hint="One a line: the model's id, then 12.5% or a price in USD for each run or second, such as 0.30."
      problem={problem && { ...problem, errors: problem.errors.map(asLines) }}
    />
    <button>Save</button>
  </Form>
);

const asLines = <Wrong extends { field: string; rule: string }>(wrong: Wrong): Wrong =>
  wrong.field.startsWith("models.")
    ? { ...wrong, field: "models", rule: `${wrong.field.slice("models.".length)} ${wrong.rule}` }
    : wrong;
