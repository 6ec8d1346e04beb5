import { findModel } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { knownModelIds } from "../settings/index.ts";
import { FIELD_ISSUES_MAX } from "./field-issues.ts";
import { MODEL_RULE } from "./fields.ts";
import { invalidFields } from "./problem.ts";
import type { Services } from "./services.ts";
import { shownValue } from "./shown-value.ts";

/**
 * Why these ids cannot be named in a field, or null: each must be written in the catalogue or have been in
 * WaveSpeed's list, so that a slip of the pen is not taken for a model that nobody uses.
 */
export async function refuseUnknownModels(
  { control }: Pick<Services, "control">,
  ids: readonly string[],
  fieldOf: (at: number) => string = () => "model",
): Promise<Refusal | null> {
  const others = ids.filter((id) => findModel(id) === undefined);
  if (others.length === 0) return null;
  const known = await knownModelIds(control, others);
  const unknown = others.filter((id) => !known.has(id)).slice(0, FIELD_ISSUES_MAX);
  if (unknown.length === 0) return null;
  return invalidFields(
    unknown.map((id) => ({ field: fieldOf(ids.indexOf(id)), rule: MODEL_RULE, value: shownValue(id) })),
  );
}
