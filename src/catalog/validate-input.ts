import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok } from "../errors/result.ts";
import { canonicalJson } from "./canonical-json.ts";
import { checkField } from "./check-field.ts";
import { ISSUES_MAX } from "./describe-issues.ts";
import { shorten, showValue } from "./show-value.ts";
import type { Json, ValidateInput, WrittenModel } from "./types.ts";
import { validateSynced } from "./validate-synced.ts";

/** Checks a body by whatever describes its model, and writes what is sent upstream. */
export const validateInput: ValidateInput = (model, body) =>
  "fields" in model ? validateWritten(model, body) : validateSynced(model, body);

/**
 * Checks a body against the model's page, and writes what is sent upstream: defaults written in,
 * each value in the page's spelling, fields in the page's order. Every wrong field is named at
 * once, listed fields first, at most ISSUES_MAX of them.
 *
 * Fields that the page does not list are refused by name: what is not known could change the price.
 */
function validateWritten(model: WrittenModel, body: unknown): ReturnType<ValidateInput> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return err([{ field: "body", rule: "must be a JSON object", value: showValue(body) }]);
  }
  const given = new Map<string, unknown>(Object.entries(body));
  const issues: FieldIssue[] = [];
  const input: Record<string, Json> = {};
  let seconds = 0;
  for (const [name, spec] of Object.entries(model.fields)) {
    const checked = checkField(spec, given.get(name));
    if (!checked.ok) {
      issues.push({ field: name, ...checked.error });
    } else if (checked.value !== undefined) {
      input[name] = checked.value;
      if (spec.kind === "duration") seconds = Number(checked.value);
    }
  }
  issues.push(...unlistedFields(model, given, ISSUES_MAX - issues.length));
  return issues.length > 0 ? err(issues) : ok({ input, seconds, canonical: canonicalJson(input) });
}

function unlistedFields(model: WrittenModel, given: ReadonlyMap<string, unknown>, max: number): FieldIssue[] {
  const rule = `is not a field of ${model.id}, which takes ${Object.keys(model.fields).join(", ")}`;
  const issues: FieldIssue[] = [];
  for (const [name, value] of given) {
    if (issues.length >= max) break;
    if (Object.hasOwn(model.fields, name)) continue;
    issues.push({ field: shorten(name), rule, value: showValue(value) });
  }
  return issues;
}
