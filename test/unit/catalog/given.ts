import {
  findModel,
  listModels,
  validateInput,
  type ValidInput,
  type WrittenModel,
} from "../../../src/catalog/index.ts";

export const PHOTO = "https://example.com/photo.jpg";

/** A body with only what this model requires. */
export function requiredBody(model: WrittenModel): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(model.fields)) {
    if (!("required" in spec) || spec.required !== true) continue;
    body[name] = spec.kind === "image" ? PHOTO : "a cat walks";
  }
  return body;
}

export function modelOf(id: string): WrittenModel {
  const model = findModel(`kwaivgi/kling-${id}`);
  if (model === undefined) throw new Error(`no model ${id}`);
  return model;
}

/** The input that is sent for required fields plus `more`; throws where it is refused. */
export function accepted(id: string, more: object = {}): ValidInput["input"] {
  const model = modelOf(id);
  const result = validateInput(model, { ...requiredBody(model), ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.input;
}

/** The rules that are broken, by field, for required fields plus `more`; {} where none is. */
export function refused(id: string, more: object): Record<string, string> {
  const model = modelOf(id);
  const result = validateInput(model, { ...requiredBody(model), ...more });
  if (result.ok) return {};
  return Object.fromEntries(result.error.map(({ field, rule }) => [field, rule]));
}

export const EVERY_MODEL = listModels().map((model) => [model.id, model] as const);
