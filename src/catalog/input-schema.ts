import { err, ok, type Result } from "../errors/result.ts";
import { FILLED_CHARS_MAX, fillDefaults } from "./fill-defaults.ts";
import { isRecord, readKeywords, SCHEMA_TEXT_MAX, type Reading } from "./schema-keywords.ts";
import type { InputSchema } from "./types.ts";

/** Flags of WaveSpeed's that are the gateway's own to send, and so never a model's input. */
const GATEWAY_FLAGS = new Set(["enable_sync_mode", "enable_base64_output", "webhook"]);

/** A vendor's schema as we check inputs by it. `notes`: what of it is not checked, for operators. */
export interface ReadSchema {
  schema: InputSchema;
  notes: string[];
}

/**
 * Makes a schema of WaveSpeed's list one that is safe to check inputs by: bounded in text, depth and size,
 * without references, and without patterns and formats, which are left to WaveSpeed because a vendor's
 * regular expression could hang an isolate. Objects take only the fields that are listed, also where the vendor
 * leaves that open. A default that breaks its own field's rules is not sent.
 *
 * The error says why a model with this schema cannot be enabled.
 */
export function readInputSchema(vendor: unknown): Result<ReadSchema, string> {
  if (!isRecord(vendor)) return err("its schema is not a JSON object");
  if (JSON.stringify(vendor).length > SCHEMA_TEXT_MAX) {
    return err(`its schema is longer than ${SCHEMA_TEXT_MAX} characters`);
  }
  const { type } = vendor;
  if (type !== undefined && type !== "object") return err("its schema is not that of a JSON object");
  if (!isRecord(vendor["properties"])) return err("its schema lists no fields");
  const reading: Reading = { nodes: 0, conditions: 0, notes: new Set(), problem: null };
  const read = readKeywords(withoutFlags(vendor), reading, { depth: 0, isValue: true });
  if (reading.problem !== null) return err(reading.problem);
  const schema = { ...read, type: "object", additionalProperties: false };
  const filled = fillDefaults(schema, {});
  if (!filled.ok) return err(`its defaults have more than ${FILLED_CHARS_MAX} characters`);
  return ok({ schema, notes: [...reading.notes] });
}

function withoutFlags(vendor: Record<string, unknown>): Record<string, unknown> {
  const isInput = (name: unknown): boolean => typeof name === "string" && !GATEWAY_FLAGS.has(name);
  const listed = (value: unknown): unknown => (Array.isArray(value) ? value.filter(isInput) : value);
  const properties = isRecord(vendor["properties"]) ? Object.entries(vendor["properties"]) : [];
  return {
    ...vendor,
    required: listed(vendor["required"]),
    "x-order-properties": listed(vendor["x-order-properties"]),
    properties: Object.fromEntries(properties.filter(([name]) => isInput(name))),
  };
}
