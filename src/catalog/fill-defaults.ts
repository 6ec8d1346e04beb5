import { isRecord } from "./schema-keywords.ts";
import type { InputSchema, Json } from "./types.ts";

/**
 * The value with the schema's defaults written in, at every depth that was given, and objects' fields in the
 * schema's order. Objects that were left out as a whole stay out. null in a field that may not be null
 * is "not given", as workflow tools send it.
 */
export function fillDefaults(schema: Json | undefined, value: Json): Json {
  if (!isRecord(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => fillDefaults(schema["items"] as Json | undefined, item as Json));
  const { properties } = schema;
  if (!isRecord(value) || !isRecord(properties)) return value;
  const given = value as InputSchema;
  const filled: [string, Json][] = [];
  for (const [name, field] of Object.entries(properties as InputSchema)) {
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const kept = own === null && !takesNull(field) ? undefined : own;
    const now = kept === undefined ? defaultOf(field) : fillDefaults(field, kept);
    if (now !== undefined) filled.push([name, now]);
  }
  const unlisted = Object.entries(given).filter(([name]) => !Object.hasOwn(properties, name));
  return Object.fromEntries([...filled, ...unlisted]);
}

/** What is sent where nothing is given. */
export const defaultInputs = (schema: InputSchema): Record<string, Json> =>
  fillDefaults(schema, {}) as Record<string, Json>;

/** A default that is an object is given what is missing in it, too. */
const defaultOf = (field: Json): Json | undefined =>
  isRecord(field) && Object.hasOwn(field, "default") ? fillDefaults(field, field["default"] as Json) : undefined;

/** Only where null stands for something and has no default to stand for it. */
function takesNull(field: Json): boolean {
  if (!isRecord(field) || Object.hasOwn(field, "default")) return false;
  const { type, enum: choices } = field;
  return (Array.isArray(choices) && choices.includes(null)) || (Array.isArray(type) && type.includes("null"));
}
