import { passesSchema } from "./schema-validator.ts";
import type { InputSchema, Json } from "./types.ts";

export const SCHEMA_TEXT_MAX = 65_536;
const DEPTH_MAX = 16;
const NODES_MAX = 1_000;
/** Every condition on a value looks at all of it once more. */
const CONDITIONS_MAX = 50;
const NAME = /^[A-Za-z0-9_.$:-]{1,100}$/;

/** What a walk through a vendor's schema has found so far. */
export interface Reading {
  nodes: number;
  conditions: number;
  notes: Set<string>;
  /** Why it cannot be used; null: nothing yet. */
  problem: string | null;
}

/** `isValue`: describes a value by itself, and not under a condition (allOf, if, ...), where closing it would refuse all. */
interface Place {
  depth: number;
  isValue: boolean;
}

type Reader = (value: unknown, reading: Reading, place: Place) => Json | undefined;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The keywords of one schema that are understood, each as its reader takes it; the rest is noted or refused. */
export function readKeywords(vendor: Record<string, unknown>, reading: Reading, place: Place): InputSchema {
  reading.nodes += 1;
  if (reading.nodes > NODES_MAX) reading.problem = `its schema has more than ${NODES_MAX} parts`;
  if (!place.isValue) reading.conditions += 1;
  if (reading.conditions > CONDITIONS_MAX) reading.problem = `its schema has more than ${CONDITIONS_MAX} conditions`;
  if (place.depth > DEPTH_MAX) reading.problem = `its schema is nested deeper than ${DEPTH_MAX} levels`;
  if (reading.problem !== null) return {};
  const read: [string, Json][] = [];
  for (const [keyword, value] of Object.entries(modern(vendor))) {
    if (value === undefined) continue;
    if (REFUSED.has(keyword)) reading.problem = `its schema uses ${keyword}`;
    else if (UNCHECKED.has(keyword)) reading.notes.add(`${keyword} is left to WaveSpeed to check`);
    const taken = keyword.startsWith("x-") ? plain(value) : READERS.get(keyword)?.(value, reading, place);
    if (taken !== undefined) read.push([keyword, taken]);
  }
  return closed(Object.fromEntries(read), place);
}

/** OpenAPI's and old drafts' spellings, in today's words. */
function modern(vendor: Record<string, unknown>): Record<string, unknown> {
  const now = { ...vendor };
  if (vendor["nullable"] === true && typeof vendor["type"] === "string") now["type"] = [vendor["type"], "null"];
  for (const [bound, exclusive] of BOUNDS) {
    if (vendor[exclusive] !== true) continue;
    now[exclusive] = vendor[bound];
    now[bound] = undefined;
  }
  if (Array.isArray(vendor["items"])) {
    now["prefixItems"] = vendor["items"];
    now["items"] = undefined;
  }
  return now;
}

const BOUNDS = [
  ["minimum", "exclusiveMinimum"],
  ["maximum", "exclusiveMaximum"],
] as const;

/** What is not known could change the price: an object that lists fields takes no others. */
function closed(schema: InputSchema, { isValue }: Place): InputSchema {
  const open = schema["additionalProperties"];
  if (!isValue || !isRecord(schema["properties"]) || isRecord(open)) return schema;
  return { ...schema, additionalProperties: false };
}

const REFUSED = new Set(["$ref", "$dynamicRef", "$recursiveRef", "$defs", "definitions"]);
const UNCHECKED = new Set([
  "pattern",
  "patternProperties",
  "propertyNames",
  "format",
  "unevaluatedProperties",
  "unevaluatedItems",
  "dependencies",
]);
const TYPES = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);

const number: Reader = (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const count: Reader = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined);
const step: Reader = (value) => (typeof value === "number" && value > 0 ? value : undefined);
const flag: Reader = (value) => (typeof value === "boolean" ? value : undefined);
const text: Reader = (value) => (typeof value === "string" ? value : undefined);
const names: Reader = (value) =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : undefined;
const json: Reader = (value) => value as Json;
const choices: Reader = (value) => (Array.isArray(value) && value.length > 0 ? (value as Json[]) : undefined);

const types: Reader = (value, reading) => {
  const given = typeof value === "string" ? [value] : (names(value, reading, { depth: 0, isValue: true }) ?? []);
  const known = (given as string[]).filter((type) => TYPES.has(type));
  if (known.length < (given as string[]).length)
    reading.notes.add(`type ${JSON.stringify(value)} is left to WaveSpeed to check`);
  return known.length === 0 ? undefined : known.length === 1 ? known[0] : known;
};

const deeper = ({ depth }: Place, isValue: boolean): Place => ({ depth: depth + 1, isValue });

const schemaAt = (value: unknown, reading: Reading, place: Place): Json | undefined =>
  typeof value === "boolean" ? value : isRecord(value) ? readKeywords(value, reading, place) : undefined;

/** A schema for a value inside the one described, which is a value as much as that is. */
const inside: Reader = (value, reading, place) => schemaAt(value, reading, deeper(place, place.isValue));
const condition: Reader = (value, reading, place) => schemaAt(value, reading, deeper(place, false));
const conditions: Reader = (value, reading, place) =>
  Array.isArray(value) && value.length > 0 ? value.map((one) => condition(one, reading, place) ?? true) : undefined;
const entries: Reader = (value, reading, place) =>
  Array.isArray(value) ? value.map((one) => inside(one, reading, place) ?? true) : undefined;

const fields: Reader = (value, reading, place) => {
  const read = fieldsBy(inside, true)(value, reading, place);
  if (!isRecord(read) || reading.problem !== null) return read;
  const sound = Object.entries(read).map(([name, field]) => [
    name,
    withSoundDefault(name, field as Json, reading.notes),
  ]);
  return Object.fromEntries(sound) as InputSchema;
};

/** A default is tried on its own field; one that breaks its rules is not sent. null and "" are "not given". */
function withSoundDefault(name: string, field: Json, notes: Set<string>): Json {
  if (!isRecord(field) || !Object.hasOwn(field, "default")) return field;
  const { default: standard, ...rest } = field as InputSchema;
  if (standard === undefined || standard === null || standard === "") return rest;
  if (passesSchema(rest, standard)) return field as InputSchema;
  notes.add(`the default of ${name} breaks its own rules and is not sent`);
  return rest;
}

/** `otherwise`: what stands for a member that cannot be read, so that it asks for nothing. */
const fieldsBy =
  (reader: Reader, otherwise: Json): Reader =>
  (value, reading, place) => {
    if (!isRecord(value)) return undefined;
    const strange = Object.keys(value).find((name) => !NAME.test(name) || name === "__proto__");
    if (strange !== undefined)
      reading.problem = `its schema has a field called ${JSON.stringify(strange.slice(0, 100))}`;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, reader(one, reading, place) ?? otherwise]),
    );
  };

/** Hints for forms: shown, never walked as schemas. */
function plain(value: unknown): Json | undefined {
  const isPlain = (one: unknown): boolean => one === null || ["string", "number", "boolean"].includes(typeof one);
  return isPlain(value) || (Array.isArray(value) && value.every(isPlain)) ? (value as Json) : undefined;
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["type", types],
  ["title", text],
  ["description", text],
  ["default", json],
  ["const", json],
  ["enum", choices],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", number],
  ["exclusiveMaximum", number],
  ["multipleOf", step],
  ["minLength", count],
  ["maxLength", count],
  ["minItems", count],
  ["maxItems", count],
  ["minContains", count],
  ["maxContains", count],
  ["minProperties", count],
  ["maxProperties", count],
  ["uniqueItems", flag],
  ["required", names],
  ["properties", fields],
  ["additionalProperties", inside],
  ["items", inside],
  ["prefixItems", entries],
  ["contains", condition],
  ["not", condition],
  ["if", condition],
  ["then", condition],
  ["else", condition],
  ["allOf", conditions],
  ["anyOf", conditions],
  ["oneOf", conditions],
  ["dependentRequired", fieldsBy(names, [])],
  ["dependentSchemas", fieldsBy(condition, true)],
]);
