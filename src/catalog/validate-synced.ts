import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { canonicalJson } from "./canonical-json.ts";
import { fillDefaults } from "./fill-defaults.ts";
import { refuseSize } from "./input-size.ts";
import { wholeSeconds } from "./seconds-field.ts";
import { schemaIssues } from "./schema-issues.ts";
import { schemaErrors } from "./schema-validator.ts";
import { showValue } from "./show-value.ts";
import type { InputSchema, Json, SyncedModel, ValidInput } from "./types.ts";

/**
 * Checks a body by the model's JSON schema and writes in its defaults, so that what is sent, hashed and priced
 * is the same thing. Fields that the schema does not list are refused by name.
 *
 * `partial`: required fields may be missing, for a price that does not depend on them.
 */
export function validateSynced(
  model: SyncedModel,
  body: unknown,
  { partial = false }: { partial?: boolean } = {},
): Result<ValidInput, FieldIssue[]> {
  const tooLarge = refuseSize(body);
  if (tooLarge) return err([tooLarge]);
  const whole = fillDefaults(model.schema, body as Json);
  if (!whole.ok) return err([whole.error]);
  const filled = whole.value;
  const schema = partial ? withoutRequired(model.schema) : model.schema;
  const errors = schemaErrors(partial ? `${model.schemaKey} partial` : model.schemaKey, schema, filled);
  const issues = schemaIssues({ id: model.id, schema }, filled, errors);
  if (errors.length > 0) return err(issues.length > 0 ? issues : [NOT_TOLD]);
  const input = filled as Record<string, Json>;
  const { secondsField } = model;
  if (secondsField === null) return ok({ input, seconds: 0, canonical: canonicalJson(input) });
  const seconds = wholeSeconds(input[secondsField]);
  if (seconds === null) {
    const rule = "must be whole seconds, by which the job is priced";
    return err([{ field: secondsField, rule, value: showValue(input[secondsField]) }]);
  }
  return ok({ input, seconds, canonical: canonicalJson(input) });
}

const withoutRequired = (schema: InputSchema): InputSchema => ({ ...schema, required: [] });

/** An error that was none of those that are told by themselves. */
const NOT_TOLD: FieldIssue = { field: "body", rule: "must fit the model's schema", value: "an object" };
