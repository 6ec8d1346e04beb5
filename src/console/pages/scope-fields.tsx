import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { Problem } from "../api.ts";
import type { ScopeSchema } from "../../management/budget-shape.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { Field } from "../view/form.tsx";
import { KNOWN_SCOPES, KnownNames } from "./known-names.tsx";

export type Scope = z.infer<typeof ScopeSchema>;

/** A scope in words. */
export function scopeText(scope: Scope): string {
  if ("team" in scope) return `team ${scope.team}`;
  if ("key" in scope) return `key ${scope.key}`;
  if ("model" in scope) return `model ${scope.model}`;
  if ("tag" in scope) return `tag ${scope.tag.name}=${scope.tag.value}`;
  return "the whole tenant";
}

export const isWhole = (scope: Scope): boolean => "tenant" in scope;

/** A scope as the form has it: its kind, and of what. */
export function scopeValues(scope: Scope): { scope: string; of: string } {
  if ("team" in scope) return { scope: "team", of: scope.team };
  if ("key" in scope) return { scope: "key", of: scope.key };
  if ("model" in scope) return { scope: "model", of: scope.model };
  if ("tag" in scope) return { scope: "tag", of: `${scope.tag.name}=${scope.tag.value}` };
  return { scope: "tenant", of: "" };
}

/** The API's scope of what a form says; wrong ones are for the API to refuse. */
export function scopeBody({ scope = "", of = "" }: Record<string, string>): unknown {
  if (scope === "tenant") return { tenant: true };
  if (scope !== "tag") return { [scope]: of };
  const [name = "", ...value] = of.split("=");
  return { tag: { name, value: value.join("=") } };
}

const LABELS: Readonly<Record<string, string>> = {
  tenant: "The whole tenant",
  team: "A team",
  key: "A key",
  model: "A model",
  tag: "A tag",
};

interface ScopeProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: Record<string, string>;
  /** What may be chosen. The whole tenant is the operator's. */
  kinds: readonly string[];
  problem: Problem | null;
}

export const ScopeFields = ({ c, tenant, values, kinds, problem }: ScopeProps) => (
  <>
    <KnownNames c={c} tenant={tenant} />
    <Field
      name="scope"
      label="What it binds"
      value={values["scope"] ?? kinds[0] ?? ""}
      options={kinds.map((kind) => ({ value: kind, label: LABELS[kind] ?? kind }))}
    />
    <Field
      name="of"
      label="Which"
      value={values["of"] ?? ""}
      list={KNOWN_SCOPES}
      hint={`A team's name, a key's id${kinds.includes("tag") ? ", a model's id, or name=value of a tag" : ""}.`}
      problem={problem && { ...problem, errors: problem.errors.map(asOf) }}
    />
  </>
);

const asOf = <Wrong extends { field: string }>(wrong: Wrong): Wrong =>
  wrong.field === "scope" || wrong.field.startsWith("scope.") ? { ...wrong, field: "of" } : wrong;
