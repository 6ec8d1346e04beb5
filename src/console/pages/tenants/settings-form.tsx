import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { listOf, numberOf } from "../../form-lists.ts";
import type { TenantSchema } from "../../../management/tenant-shape.ts";
import { Field, Form } from "../../view/form.tsx";

export type Tenant = z.infer<typeof TenantSchema>;
type Values = Record<string, string>;

export const valuesOfTenant = (tenant: Tenant): Values => ({
  queue_weight: String(tenant.queue_weight),
  keep_inputs_days: String(tenant.keep_inputs_days),
  allowed_origins: tenant.allowed_origins.join(", "),
  upload_bytes: String(tenant.uploads.max_bytes),
  upload_types: (tenant.uploads.types ?? []).join(", "),
});

/** The API's body of what the form of settings says. */
export const settingsBody = (values: Values) => ({
  queue_weight: numberOf(values["queue_weight"]),
  keep_inputs_days: numberOf(values["keep_inputs_days"]),
  allowed_origins: listOf(values["allowed_origins"]) ?? [],
  uploads: { max_bytes: numberOf(values["upload_bytes"]), types: listOf(values["upload_types"]) },
});

interface FormProps {
  c: Context<ConsoleEnv>;
  of: Tenant;
  values: Values;
  problem: Problem | null;
}

export const SettingsForm = ({ c, of, values, problem }: FormProps) => (
  <Form action={`/console/tenants/${of.id}`} csrf={c.get("session").csrf}>
    <div class="fields">
      <Field
        name="queue_weight"
        label="Weight in the queue"
        value={values["queue_weight"] ?? ""}
        hint="1 to 100: its share of turns where jobs wait for an upstream account."
        problem={problem}
      />
      <Field
        name="keep_inputs_days"
        label="Keep inputs for (days)"
        value={values["keep_inputs_days"] ?? ""}
        hint="0: only until WaveSpeed has them. 30 at most."
        problem={problem}
      />
      <Field
        name="allowed_origins"
        label="Web pages that may call"
        value={values["allowed_origins"] ?? ""}
        hint="Origins with commas between. Empty: none."
        problem={problem && { ...problem, errors: problem.errors.map(asWhole) }}
      />
      <Field
        name="upload_bytes"
        field="uploads.max_bytes"
        label="Largest file (bytes)"
        value={values["upload_bytes"] ?? ""}
        problem={problem}
      />
      <Field
        name="upload_types"
        field="uploads.types"
        label="Files that may be uploaded"
        value={values["upload_types"] ?? ""}
        hint="Types with commas between, e.g. image/png. Empty: any."
        problem={problem && { ...problem, errors: problem.errors.map(asWhole) }}
      />
    </div>
    <button name="do" value="settings">
      Save
    </button>
  </Form>
);

const asWhole = <Wrong extends { field: string }>(wrong: Wrong): Wrong =>
  /^(allowed_origins|uploads\.types)\./.test(wrong.field)
    ? { ...wrong, field: wrong.field.slice(0, wrong.field.lastIndexOf(".")) }
    : wrong;

export const StatusForm = ({ c, of, values, problem }: FormProps) => {
  const action = `/console/tenants/${of.id}`;
  const { csrf } = c.get("session");
  if (of.status === "suspended") {
    return (
      <Form action={action} csrf={csrf}>
        <p>Suspended: {of.reason}</p>
        <button name="do" value="active">
          Let it go on
        </button>
      </Form>
    );
  }
  return (
    <Form action={action} csrf={csrf} confirm={`Suspend ${of.name}? Its submits are refused at once.`}>
      <Field
        name="reason"
        label="Reason"
        value={values["reason"] ?? ""}
        required
        hint="Told to whoever is refused."
        problem={problem}
      />
      <button name="do" value="suspended" class="danger">
        Suspend
      </button>
    </Form>
  );
};
