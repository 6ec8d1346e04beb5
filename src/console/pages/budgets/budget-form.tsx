import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { listOf, numberOf } from "../../form-lists.ts";
import { isOperator } from "../../may.ts";
import type { BudgetSchema } from "../../../management/budget-shape.ts";
import { tenantPath } from "../../navigation.ts";
import { Field, Form } from "../../view/form.tsx";
import { scopeBody, ScopeFields, scopeValues } from "../scope-fields.tsx";

export type Budget = z.infer<typeof BudgetSchema>;
export type BudgetValues = Record<string, string>;

export const valuesOfBudget = (budget: Budget): BudgetValues => ({
  id: budget.id,
  limit: budget.limit,
  window: budget.window,
  mode: budget.mode,
  time_zone: budget.time_zone,
  thresholds: budget.thresholds.map(({ percent }) => percent).join(", "),
  ...scopeValues(budget.scope),
});

/** The API's body of what a form says. */
export const budgetBody = (values: BudgetValues) => ({
  scope: scopeBody(values),
  limit: values["limit"] ?? "",
  window: values["window"] ?? "",
  mode: values["mode"] ?? "live",
  ...(values["time_zone"] && { time_zone: values["time_zone"] }),
  ...(listOf(values["thresholds"]) && { thresholds: (listOf(values["thresholds"]) ?? []).map(numberOf) }),
});

interface FormProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: BudgetValues;
  problem: Problem | null;
  /** A budget that there is keeps its name. */
  isNew: boolean;
  /** Its effect was shown, so that it can be saved. */
  isShown: boolean;
}

export const BudgetForm = ({ c, tenant, values, problem, isNew, isShown }: FormProps) => (
  <Form action={`${tenantPath(tenant, "budgets")}/edit`} csrf={c.get("session").csrf}>
    <input type="hidden" name="new" value={isNew ? "yes" : ""} />
    {!isNew && <input type="hidden" name="id" value={values["id"] ?? ""} />}
    <div class="fields">
      {isNew && (
        <Field
          name="id"
          label="Name"
          field="budget_id"
          value={values["id"] ?? ""}
          required
          problem={problem}
          hint="a-z, 0-9, _ and -. It is told to whoever is refused."
        />
      )}
      <Field name="limit" label="Limit (USD)" value={values["limit"] ?? ""} required problem={problem} />
      <Field name="window" label="Resets" value={values["window"] ?? "month"} options={WINDOWS} problem={problem} />
      <ScopeFields c={c} tenant={tenant} values={values} kinds={kindsFor(c)} problem={problem} />
      <Field name="mode" label="Of" value={values["mode"] ?? "live"} options={MODES} />
      <Field
        name="time_zone"
        label="Time zone"
        value={values["time_zone"] ?? ""}
        problem={problem}
        hint="Empty: the tenant's."
      />
      <Field
        name="thresholds"
        label="Tell me at (percent)"
        value={values["thresholds"] ?? ""}
        problem={problem && { ...problem, errors: problem.errors.map(asWhole) }}
        hint="Empty: 50, 80 and 100."
      />
    </div>
    <div class="inline">
      <button name="do" value="preview" {...(isShown && { class: "quiet" })}>
        Show what it would refuse
      </button>
      {isShown && (
        <button name="do" value="save">
          Save
        </button>
      )}
    </div>
  </Form>
);

const asWhole = <Wrong extends { field: string }>(wrong: Wrong): Wrong =>
  wrong.field.startsWith("thresholds.") ? { ...wrong, field: "thresholds" } : wrong;

const kindsFor = (c: Context<ConsoleEnv>): string[] => [
  ...(isOperator(c) ? ["tenant"] : []),
  "team",
  "key",
  "model",
  "tag",
];

const WINDOWS = [
  { value: "month", label: "Each month" },
  { value: "week", label: "Each week, on Monday" },
  { value: "day", label: "Each day" },
  { value: "total", label: "Never" },
];

const MODES = [
  { value: "live", label: "Live jobs" },
  { value: "test", label: "Sandbox jobs" },
];
