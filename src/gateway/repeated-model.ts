import type { ModelEntry } from "../catalog/index.ts";

/**
 * The input without the model's id, where a client says it in the body once more (npm wavespeed-cli 1.3.5 does):
 * it says nothing new. Another model's id stays, and is refused as the unlisted field that it is.
 */
export function withoutRepeatedModel(model: ModelEntry, input: Record<string, unknown>): Record<string, unknown> {
  const { model: repeated, ...rest } = input;
  const listed = "fields" in model ? model.fields : Object(model.schema["properties"]);
  return repeated === model.id && !Object.hasOwn(listed, "model") ? rest : input;
}
