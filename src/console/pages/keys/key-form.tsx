import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { checkedOf, fieldInstant, instantOf, listOf, numberOf } from "../../form-lists.ts";
import type { KeySchema } from "../../../management/key-shape.ts";
import { Checks } from "../../view/checks.tsx";
import { Field } from "../../view/form.tsx";
import { KNOWN_TEAMS, KnownNames } from "../known-names.tsx";

export type Key = z.infer<typeof KeySchema>;

const SCOPES = ["submit", "read", "cancel", "upload"] as const;

export type KeyValues = Record<string, string>;

/** A key's fields as its form has them. */
export const valuesOfKey = (key: Key): KeyValues => ({
  name: key.name,
  team: key.team ?? "",
  models: (key.models ?? []).join(", "),
  ips: (key.ips ?? []).join(", "),
  expires_at: fieldInstant(key.expires_at),
  dedupe_window_seconds: String(key.dedupe_window_seconds),
  ...Object.fromEntries(key.scopes.map((scope) => [`scopes.${scope}`, "on"])),
});

export const NEW_KEY: KeyValues = Object.fromEntries(SCOPES.map((scope) => [`scopes.${scope}`, "on"]));

/** The API's body of what a form says. */
export const keyBody = (values: KeyValues) => ({
  name: values["name"] ?? "",
  team: values["team"] || null,
  models: listOf(values["models"]),
  scopes: checkedOf(values, "scopes", SCOPES),
  ips: listOf(values["ips"]),
  expires_at: instantOf(values["expires_at"]),
  dedupe_window_seconds: numberOf(values["dedupe_window_seconds"]) ?? 0,
});

/** Of a list, the entry that is wrong is told below the field that the list was typed into. */
const ofList = (problem: Problem | null, name: string): Problem | null =>
  problem && {
    ...problem,
    errors: problem.errors.map((error) => (error.field.startsWith(`${name}.`) ? { ...error, field: name } : error)),
  };

interface FieldsProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: KeyValues;
  problem: Problem | null;
}

export const KeyFields = ({ c, tenant, values, problem }: FieldsProps) => (
  <>
    <KnownNames c={c} tenant={tenant} />
    <div class="fields">
      <Field name="name" label="Name" value={values["name"] ?? ""} required problem={problem} />
      <Field
        name="team"
        label="Team"
        value={values["team"] ?? ""}
        list={KNOWN_TEAMS}
        problem={problem}
        hint="Empty: of the tenant, and of no team."
      />
      <Field
        name="expires_at"
        label="Expires (UTC)"
        type="datetime-local"
        value={values["expires_at"] ?? ""}
        problem={problem}
        hint="Empty: never."
      />
      <Field
        name="models"
        label="Models"
        value={values["models"] ?? ""}
        problem={ofList(problem, "models")}
        hint="Ids with commas between. Empty: every model."
      />
      <Field
        name="ips"
        label="Addresses"
        value={values["ips"] ?? ""}
        problem={ofList(problem, "ips")}
        hint="Addresses and networks, e.g. 203.0.113.0/24. Empty: from everywhere."
      />
      <Field
        name="dedupe_window_seconds"
        label="Equal submits: one job"
        type="number"
        value={values["dedupe_window_seconds"] ?? "0"}
        problem={problem}
        hint="For so many seconds. 0: each is a job."
      />
    </div>
    <Checks
      legend="May"
      name="scopes"
      options={SCOPES}
      chosen={checkedOf(values, "scopes", SCOPES)}
      problem={problem}
    />
  </>
);
