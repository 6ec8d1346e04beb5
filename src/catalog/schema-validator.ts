import { Validator, type OutputUnit, type Schema } from "@cfworker/json-schema";
import type { InputSchema, Json } from "./types.ts";

/** Schemas that an isolate keeps compiled; more than a gateway may have enabled. */
const COMPILED_MAX = 500;

const compiled = new Map<string, Validator>();

/** What of a value breaks a schema, in the library's words: wrappers first, then what is in them. */
export function schemaErrors(schemaKey: string, schema: InputSchema, value: Json): readonly OutputUnit[] {
  return validatorOf(schemaKey, schema).validate(value).errors;
}

/** Whether a value fits a schema that is used this once. */
export const passesSchema = (schema: InputSchema, value: Json): boolean => compile(schema).validate(value).valid;

function validatorOf(key: string, schema: InputSchema): Validator {
  const known = compiled.get(key);
  if (known) return known;
  const validator = compile(schema);
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  compiled.set(key, validator);
  return validator;
}

/** A copy, since the library marks what it has walked. */
const compile = (schema: InputSchema): Validator => new Validator(structuredClone(schema) as Schema, "2020-12", false);
