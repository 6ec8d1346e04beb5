import type { OutputUnit } from "@cfworker/json-schema";
import type { FieldIssue } from "../errors/catalogue.ts";
import { ISSUES_MAX } from "./describe-issues.ts";
import { schemaRule } from "./schema-rule.ts";
import { shorten, showValue } from "./show-value.ts";
import type { InputSchema, Json } from "./types.ts";

/** Errors that only say that there are others, which follow. */
const WRAPPERS = new Set([
  "properties",
  "items",
  "prefixItems",
  "additionalProperties",
  "allOf",
  "if",
  "dependentSchemas",
]);

/** Errors that say it all: what follows is why each way out was closed. */
const CLOSED_WAYS = new Set(["anyOf", "oneOf", "contains", "minContains"]);

/** What a validator found, as refusals name it: the field by its path, the rule, and what was given. At most ISSUES_MAX. */
export function schemaIssues(
  model: { id: string; schema: InputSchema },
  value: Json,
  errors: readonly OutputUnit[],
): FieldIssue[] {
  const issues = new Map<string, FieldIssue>();
  const explained: string[] = [];
  for (const { keyword, keywordLocation, instanceLocation } of errors) {
    if (issues.size >= ISSUES_MAX) break;
    if (WRAPPERS.has(keyword) || explained.some((above) => keywordLocation.startsWith(`${above}/`))) continue;
    if (CLOSED_WAYS.has(keyword)) explained.push(keywordLocation);
    const path = stepsOf(instanceLocation);
    const given = valueAt(value, path);
    if (keyword === "required") {
      for (const issue of missingFields(model.schema, keywordLocation, path, given)) issues.set(issue.field, issue);
      continue;
    }
    const rule =
      keyword === "false"
        ? `is not a field of ${model.id}${path.length === 1 ? `, which takes ${fieldsOf(model.schema)}` : ""}`
        : schemaRule(keyword, valueAt(model.schema, keywordSteps(keywordLocation)) as Json | undefined);
    issues.set(`${instanceLocation} ${keyword}`, { field: fieldName(path), rule, value: showValue(given) });
  }
  return [...issues.values()].slice(0, ISSUES_MAX);
}

function missingFields(schema: InputSchema, location: string, path: string[], given: unknown): FieldIssue[] {
  const steps = stepsOf(location);
  const required = valueAt(schema, steps);
  // A condition of the whole input speaks of the fields that are described beside it.
  const around = valueAt(schema, [...steps.slice(0, -1), "properties"]);
  const fields = around ?? (path.length === 0 ? schema["properties"] : undefined);
  if (!Array.isArray(required)) return [];
  return required.flatMap((name) => {
    if (typeof name !== "string" || Object.hasOwn(Object(given), name)) return [];
    const type = valueAt(fields, [name, "type"]) as Json | undefined;
    const rule = type === undefined ? "is required" : `is required: ${schemaRule("type", type)}`;
    return [{ field: fieldName([...path, name]), rule, value: "missing" }];
  });
}

const fieldsOf = (schema: InputSchema): string => shortened(Object.keys(Object(schema["properties"])));

const NAMES_SHOWN_MAX = 30;
const shortened = (names: string[]): string =>
  names.length <= NAMES_SHOWN_MAX ? names.join(", ") : `${names.slice(0, NAMES_SHOWN_MAX).join(", ")}, ...`;

/** A name may be empty, and is told all the same. */
const fieldName = (path: readonly string[]): string =>
  path.length === 0 ? "body" : shorten(path.map((step) => step || '""').join("."));

/** "#/loras/0/path" as its steps. */
const stepsOf = (location: string): string[] =>
  location
    .split("/")
    .slice(1)
    .map((step) => decode(step).replaceAll("~1", "/").replaceAll("~0", "~"));

/** The library spells one keyword otherwise than schemas do. */
const keywordSteps = (location: string): string[] =>
  stepsOf(location).map((step) => (step === "dependantRequired" ? "dependentRequired" : step));

/** The library writes some signs of a name percent-encoded; a name may hold a bare percent sign. */
function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
