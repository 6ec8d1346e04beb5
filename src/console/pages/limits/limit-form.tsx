import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { numberOf } from "../../form-lists.ts";
import { isOperator } from "../../may.ts";
import type { LimitSchema } from "../../../management/limit-shape.ts";
import { Field } from "../../view/form.tsx";
import { scopeBody, ScopeFields, scopeValues } from "../scope-fields.tsx";

type Values = Record<string, string>;

const NUMBERS = [
  { name: "requests_per_minute", label: "Submits a minute" },
  { name: "burst", label: "Of them at once" },
  { name: "concurrent_jobs", label: "Jobs at once" },
  { name: "submits_per_day", label: "Submits a day" },
] as const;

export const valuesOfLimit = (limit: z.infer<typeof LimitSchema>): Values => ({
  id: limit.id,
  mode: limit.mode,
  ...scopeValues(limit.scope),
  ...Object.fromEntries(NUMBERS.map(({ name }) => [name, limit[name] === null ? "" : String(limit[name])])),
});

/** The API's body of what a form says. */
export const limitBody = (values: Values) => ({
  scope: scopeBody(values),
  mode: values["mode"] ?? "live",
  ...Object.fromEntries(NUMBERS.map(({ name }) => [name, numberOf(values[name]) ?? null])),
});

interface FieldsProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: Values;
  problem: Problem | null;
  isNew: boolean;
}

export const LimitFields = ({ c, tenant, values, problem, isNew }: FieldsProps) => (
  <div class="fields">
    <input type="hidden" name="new" value={isNew ? "yes" : ""} />
    {isNew ? (
      <Field
        name="id"
        label="Name"
        field="limit_id"
        value={values["id"] ?? ""}
        required
        problem={problem}
        hint="a-z, 0-9, _ and -"
      />
    ) : (
      <input type="hidden" name="id" value={values["id"] ?? ""} />
    )}
    <ScopeFields
      c={c}
      tenant={tenant}
      values={values}
      kinds={[...(isOperator(c) ? ["tenant"] : []), "team", "key"]}
      problem={problem}
    />
    <Field
      name="mode"
      label="Of"
      value={values["mode"] ?? "live"}
      options={[
        { value: "live", label: "Live jobs" },
        { value: "test", label: "Sandbox jobs" },
      ]}
    />
    {NUMBERS.map(({ name, label }) => (
      <Field name={name} label={label} value={values[name] ?? ""} problem={problem} />
    ))}
  </div>
);
