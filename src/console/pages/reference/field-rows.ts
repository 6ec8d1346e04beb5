import type { OpenApi, Schema } from "./open-api.ts";

/** A field as a row of a table. `name`: with dots where it is inside another. */
export interface FieldRow {
  name: string;
  type: string;
  required: boolean;
  rules: string[];
  description: string;
}

const DEPTH_MAX = 4;
const ROWS_MAX = 120;

type Schemas = NonNullable<NonNullable<OpenApi["components"]>["schemas"]>;

/** Every field of a body, those inside others too, down to a depth at which nobody reads on. */
export function fieldRows(schema: Schema, schemas: Schemas, prefix = "", depth = 0): FieldRow[] {
  const whole = merged(schema, schemas);
  const required = new Set(whole.required);
  const rows = Object.entries(whole.properties ?? {}).flatMap(([key, value]) => {
    const field = merged(value, schemas);
    const name = prefix + key;
    const row = { name, required: required.has(key), ...told(field, schemas) };
    const inner = innerOf(field, schemas);
    const deeper =
      inner && depth < DEPTH_MAX ? fieldRows(inner.schema, schemas, `${name}${inner.mark}.`, depth + 1) : [];
    return [row, ...deeper];
  });
  return rows.slice(0, ROWS_MAX);
}

/** What a parameter or a field says of itself. */
export const told = (schema: Schema, schemas: Schemas): Pick<FieldRow, "type" | "rules" | "description"> => ({
  type: typeOf(schema, schemas),
  rules: rulesOf(schema),
  description: schema.description ?? "",
});

const NAME = "#/components/schemas/";

/** A reference followed, and what has several parts as one. */
function merged(schema: Schema, schemas: Schemas, depth = 0): Schema {
  if (depth > DEPTH_MAX * 2) return {};
  const { $ref, allOf, ...own } = schema;
  const parts = [...(allOf ?? []), ...($ref?.startsWith(NAME) ? [schemas[$ref.slice(NAME.length)] ?? {}] : [])];
  const whole = parts.map((part) => merged(part, schemas, depth + 1));
  return {
    ...Object.assign({}, ...whole),
    ...own,
    properties: Object.assign({}, ...whole.map(({ properties }) => properties), own.properties) as Record<
      string,
      Schema
    >,
    required: [...whole.flatMap(({ required }) => required ?? []), ...(own.required ?? [])],
  };
}

function innerOf(field: Schema, schemas: Schemas): { schema: Schema; mark: string } | null {
  if (hasFields(field)) return { schema: field, mark: "" };
  if (field.items) {
    const items = merged(field.items, schemas);
    return hasFields(items) ? { schema: items, mark: "[]" } : null;
  }
  const choices = [...(field.anyOf ?? []), ...(field.oneOf ?? [])].map((choice) => merged(choice, schemas));
  const [only, ...more] = choices.filter(hasFields);
  return only && more.length === 0 ? { schema: only, mark: "" } : null;
}

const hasFields = ({ properties }: Schema): boolean => Object.keys(properties ?? {}).length > 0;

function typeOf(schema: Schema, schemas: Schemas, depth = 0): string {
  const whole = merged(schema, schemas);
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.enum) return whole.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = [...(whole.anyOf ?? []), ...(whole.oneOf ?? [])];
  if (choices.length > 0 && depth < DEPTH_MAX) {
    return [...new Set(choices.map((choice) => typeOf(choice, schemas, depth + 1)))].join(" | ");
  }
  if (whole.items) return `list of ${typeOf(whole.items, schemas, depth + 1)}`;
  if (hasFields(whole) && depth > 0) return `{${Object.keys(whole.properties ?? {}).join(", ")}}`;
  const types = Array.isArray(whole.type) ? whole.type.join(" | ") : (whole.type ?? "any");
  return whole.format ? `${types} (${whole.format})` : types;
}

function rulesOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, default: preset, example } = schema;
  return [
    between("", minimum, maximum),
    between("length ", minLength, maxLength),
    between("items ", minItems, maxItems),
    pattern === undefined ? "" : `matches ${pattern}`,
    preset === undefined ? "" : `default ${JSON.stringify(preset)}`,
    example === undefined ? "" : `e.g. ${JSON.stringify(example)}`,
  ].filter((rule) => rule !== "");
}

/** The widest whole number of a program says nothing. */
function between(what: string, least: number | undefined, most: number | undefined): string {
  const isSaid = most !== undefined && most < Number.MAX_SAFE_INTEGER;
  if (least !== undefined && least > -Number.MAX_SAFE_INTEGER) {
    return isSaid ? `${what}${least} to ${most}` : `${what}at least ${least}`;
  }
  return isSaid ? `${what}at most ${most}` : "";
}
