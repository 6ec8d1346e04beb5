import { createHash } from "node:crypto";
import { canonicalJson, isRecord } from "../catalog/index.ts";
import type { ListedModel } from "./types.ts";

/** Two to four segments, as WaveSpeed's paths have them. */
const MODEL_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*){1,3}$/;
const ID_CHARS_MAX = 200;
const TYPE_CHARS_MAX = 100;
const TEXT_CHARS_MAX = 4_000;
/** A schema that is longer cannot be enabled, so none of it is kept. */
const SCHEMA_CHARS_MAX = 65_536;

/**
 * One entry of WaveSpeed's list, leniently: what is missing or of another type is left empty, and then the model
 * cannot be enabled. null: it is malformed, since it does not even say which model it is.
 */
export function readListedModel(entry: unknown): ListedModel | null {
  if (!isRecord(entry)) return null;
  const id = entry["model_id"];
  if (typeof id !== "string" || id.length > ID_CHARS_MAX || !MODEL_ID.test(id)) return null;
  const facts = {
    model: id,
    type: textOf(entry["type"], TYPE_CHARS_MAX),
    description: textOf(entry["description"], TEXT_CHARS_MAX),
    basePrice: priceOf(entry["base_price"]),
    formula: formulaOf(entry["formula"]),
    requestSchema: schemaOf(entry["api_schema"]),
  };
  return { ...facts, schemaHash: sha256(facts.requestSchema), hash: sha256(canonicalJson(facts)) };
}

const textOf = (value: unknown, charsMax: number): string =>
  typeof value === "string" ? value.slice(0, charsMax) : "";

/** A formula of another type, or one that would have to be cut, is kept as something that no price comes of. */
function formulaOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" && value.length <= TEXT_CHARS_MAX ? value : UNREADABLE_FORMULA;
}

const UNREADABLE_FORMULA = "unreadable()";

/** As JSON writes the number, which is the shortest text that means it. */
function priceOf(value: unknown): string {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return String(value);
  return typeof value === "string" && /^[0-9]{1,12}(\.[0-9]{1,12})?$/.test(value) ? value : "";
}

function schemaOf(apiSchema: unknown): string {
  const schemas = isRecord(apiSchema) && Array.isArray(apiSchema["api_schemas"]) ? apiSchema["api_schemas"] : [];
  const run = schemas.filter(isRecord).find((schema) => schema["type"] === "model_run");
  const schema = run?.["request_schema"];
  if (!isRecord(schema)) return "";
  try {
    // Canonical: the order in which a server writes its members is not a change. Fields keep theirs beside it.
    const text = canonicalJson(withFieldOrder(schema));
    return text.length <= SCHEMA_CHARS_MAX ? text : "";
  } catch {
    return "";
  }
}

/** The order of the fields is shown in forms, and sorting would lose it. */
function withFieldOrder(schema: Record<string, unknown>): Record<string, unknown> {
  const { properties, "x-order-properties": order } = schema;
  if (Array.isArray(order) || !isRecord(properties)) return schema;
  return { ...schema, "x-order-properties": Object.keys(properties) };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
