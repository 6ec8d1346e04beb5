import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { isRecord } from "./schema-keywords.ts";
import type { InputSchema, Json } from "./types.ts";

/** What defaults may add to one input: each entry of a list has its own, and defaults hold lists again. */
export const FILLED_CHARS_MAX = 1_000_000;

interface Room {
  chars: number;
}

const NO_ROOM: FieldIssue = {
  field: "body",
  rule: `must be given at most ${FILLED_CHARS_MAX} characters of the model's defaults`,
  value: "more",
};

/**
 * The value with the schema's defaults written in, at every depth that was given, and objects' fields in the
 * schema's order. Objects that were left out as a whole stay out. null in a field that may not be null
 * is "not given", as workflow tools send it.
 */
export function fillDefaults(schema: Json | undefined, value: Json): Result<Json, FieldIssue> {
  const room = { chars: FILLED_CHARS_MAX };
  const filled = fill(schema, value, room);
  return room.chars < 0 ? err(NO_ROOM) : ok(filled);
}

/** What is sent where nothing is given. */
export function defaultInputs(schema: InputSchema): Record<string, Json> {
  const filled = fillDefaults(schema, {});
  return filled.ok ? (filled.value as Record<string, Json>) : {};
}

function fill(schema: Json | undefined, value: Json, room: Room): Json {
  if (!isRecord(schema) || room.chars < 0) return value;
  if (Array.isArray(value)) return value.map((item) => fill(schema["items"] as Json | undefined, item as Json, room));
  const { properties } = schema;
  if (!isRecord(value) || !isRecord(properties)) return value;
  const given = value as InputSchema;
  const filled: [string, Json][] = [];
  for (const [name, field] of Object.entries(properties as InputSchema)) {
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const kept = own === null && !takesNull(field) ? undefined : own;
    const now = kept === undefined ? defaultOf(field, room) : fill(field, kept, room);
    if (now !== undefined) filled.push([name, now]);
  }
  const unlisted = Object.entries(given).filter(([name]) => !Object.hasOwn(properties, name));
  return Object.fromEntries([...filled, ...unlisted]);
}

/** A default that is an object is given what is missing in it, too. */
function defaultOf(field: Json, room: Room): Json | undefined {
  if (!isRecord(field) || !Object.hasOwn(field, "default")) return undefined;
  const standard = field["default"] as Json;
  room.chars -= JSON.stringify(standard).length;
  return fill(field, standard, room);
}

/** Only where null stands for something and has no default to stand for it. */
function takesNull(field: Json): boolean {
  if (!isRecord(field) || Object.hasOwn(field, "default")) return false;
  const { type, enum: choices } = field;
  return (Array.isArray(choices) && choices.includes(null)) || (Array.isArray(type) && type.includes("null"));
}
