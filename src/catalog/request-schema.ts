import type { FieldSpec, InputSchema, ModelEntry, WrittenModel } from "./types.ts";

type PropertySchema = Record<string, string | number | readonly (string | number)[]>;

/** JSON schema of a model's input. `x-order-properties`: the order in which a form shows them. */
export interface RequestSchema {
  type: "object";
  required: string[];
  "x-order-properties": string[];
  properties: Record<string, PropertySchema>;
  additionalProperties: false;
}

/**
 * A model's input as its page spells it, for the list of models, OpenAPI and the console's form.
 * More is accepted than it says: both spellings of a duration, and null for "not given".
 */
export function requestSchema(model: WrittenModel): RequestSchema;
export function requestSchema(model: ModelEntry): RequestSchema | InputSchema;
export function requestSchema(model: ModelEntry): RequestSchema | InputSchema {
  if (!("fields" in model)) return model.schema;
  const names = Object.keys(model.fields);
  const fields = Object.entries(model.fields);
  return {
    type: "object",
    required: fields.filter(([, spec]) => isRequired(spec)).map(([name]) => name),
    "x-order-properties": names,
    properties: Object.fromEntries(fields.map(([name, spec]) => [name, propertySchema(spec)])),
    additionalProperties: false,
  };
}

const isRequired = (spec: FieldSpec): boolean => "required" in spec && spec.required === true;

function propertySchema(spec: FieldSpec): PropertySchema {
  const { description } = spec;
  switch (spec.kind) {
    case "text":
      return {
        type: "string",
        description,
        ...(isRequired(spec) ? { minLength: 1 } : {}),
        ...(spec.maxLength === undefined ? {} : { maxLength: spec.maxLength }),
      };
    case "image":
      return { type: "string", description };
    case "number":
      return {
        type: "number",
        description,
        default: spec.default,
        minimum: spec.min,
        maximum: spec.max,
      };
    case "choice":
      return { type: "string", description, default: spec.default, enum: spec.choices };
    case "duration":
      return spec.spelling === "string"
        ? {
            type: "string",
            description,
            default: String(spec.default),
            enum: spec.choices.map(String),
          }
        : { type: "integer", description, default: spec.default, enum: spec.choices };
  }
}
