import { err, ok, type Result } from "../errors/result.ts";
import { isRecord } from "./schema-keywords.ts";
import type { InputSchema } from "./types.ts";

/** What WaveSpeed's formulas call the seconds of a video. */
const FIELD = "duration";
const SECONDS_MAX = 3_600;

/** Durations that are tried one by one when prices are compared. */
const DURATIONS_MAX = 20;

/** A duration as seconds that can be priced, whichever way it is spelled; null: it cannot. */
export function wholeSeconds(value: unknown): number | null {
  const seconds = typeof value === "string" && /^[1-9][0-9]{0,3}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= SECONDS_MAX
    ? Number(seconds)
    : null;
}

/**
 * The field by which a price per second counts: whole seconds in every input that the schema lets through, since
 * it is required or has a default. Otherwise why there is none.
 */
export function secondsFieldOf(schema: InputSchema): Result<string, string> {
  const field = fieldOf(schema);
  if (field === null) return err(`its schema has no field ${FIELD}`);
  const required = schema["required"];
  const isRequired = Array.isArray(required) && required.includes(FIELD);
  if (!isRequired && field["default"] === undefined)
    return err(`${FIELD} may be left out, and has no default to be priced by`);
  if (field["default"] !== undefined && wholeSeconds(field["default"]) === null) {
    return err(`the default of ${FIELD}, ${JSON.stringify(field["default"])}, is not whole seconds`);
  }
  const choices = field["enum"];
  if (Array.isArray(choices)) {
    const odd = choices.find((choice) => wholeSeconds(choice) === null);
    return odd === undefined ? ok(FIELD) : err(`${FIELD} may be ${JSON.stringify(odd)}, which is not whole seconds`);
  }
  return field["type"] === "integer" ? ok(FIELD) : err(`${FIELD} may be something else than whole seconds`);
}

/** Inputs that say nothing but a duration, one for each that can be told beforehand: those listed, or the default. */
export function durationInputs(schema: InputSchema): { seconds: number; inputs: Record<string, unknown> }[] {
  const field = fieldOf(schema);
  if (field === null) return [];
  const choices: unknown[] = Array.isArray(field["enum"]) ? field["enum"] : [field["default"]];
  return choices.slice(0, DURATIONS_MAX).flatMap((choice) => {
    const seconds = wholeSeconds(choice);
    return seconds === null ? [] : [{ seconds, inputs: { [FIELD]: choice } }];
  });
}

function fieldOf(schema: InputSchema): Record<string, unknown> | null {
  const { properties } = schema;
  const field = isRecord(properties) && Object.hasOwn(properties, FIELD) ? properties[FIELD] : undefined;
  return isRecord(field) ? field : null;
}
