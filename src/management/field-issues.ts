import type { ZodError } from "zod";
import type { FieldIssue } from "../errors/catalogue.ts";
import { shownValue } from "./shown-value.ts";

type ZodIssue = ZodError["issues"][number];

export const FIELD_ISSUES_MAX = 20;
const FIELD_CHARS_MAX = 100;

/** What zod found wrong, one entry per field, unknown fields each by name. At most 20. */
export function fieldIssues(error: ZodError, given: unknown): FieldIssue[] {
  return error.issues.flatMap((issue) => toFieldIssues(issue, given)).slice(0, FIELD_ISSUES_MAX);
}

function toFieldIssues(issue: ZodIssue, given: unknown): FieldIssue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => entry([...issue.path, key], "is not a field of this request", given));
  }
  return [entry(issue.path, ruleOf(issue), given)];
}

function ruleOf(issue: ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${issue.expected === "object" ? "a JSON object" : `of type ${issue.expected}`}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return issue.message;
  }
}

const unitOf = (origin: string): string =>
  origin === "string" ? " characters long" : origin === "array" ? " entries long" : "";

function entry(path: readonly PropertyKey[], rule: string, given: unknown): FieldIssue {
  const field = path.map(String).join(".").slice(0, FIELD_CHARS_MAX);
  return { field: field === "" ? "body" : field, rule, value: shownValue(valueAt(given, path)) };
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
