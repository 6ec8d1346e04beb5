import { dereference, validate, type OutputUnit, type Schema } from "@cfworker/json-schema";
import { countValues } from "./input-size.ts";
import type { InputSchema, Json } from "./types.ts";

/** Schemas that an isolate keeps compiled; more than a gateway may have enabled. */
const COMPILED_MAX = 500;

/** Values times parts of a schema up to which all that is wrong is told; beyond, the first: each part may complain of each value. */
const TOLD_WHOLE_MAX = 20_000;

interface Compiled {
  schema: Schema;
  lookup: ReturnType<typeof dereference>;
  parts: number;
}

const compiled = new Map<string, Compiled>();

/** What of a value breaks a schema, in the library's words: wrappers first, then what is in them. */
export function schemaErrors(schemaKey: string, schema: InputSchema, value: Json): readonly OutputUnit[] {
  const known = compiledOf(schemaKey, schema);
  const { valid, errors } = check(known, value, true);
  if (valid || countValues(value) * known.parts > TOLD_WHOLE_MAX) return errors;
  return check(known, value, false).errors;
}

/** Whether a value fits a schema that is used this once. */
export const passesSchema = (schema: InputSchema, value: Json): boolean => check(compile(schema), value, true).valid;

/** `first`: no further than the first error. */
const check = ({ schema, lookup }: Compiled, value: Json, first: boolean) =>
  validate(value, schema, "2020-12", lookup, first);

function compiledOf(key: string, schema: InputSchema): Compiled {
  const known = compiled.get(key);
  if (known) return known;
  const fresh = compile(schema);
  if (compiled.size >= COMPILED_MAX) compiled.clear();
  compiled.set(key, fresh);
  return fresh;
}

/** A copy, since the library marks what it has walked. */
function compile(schema: InputSchema): Compiled {
  const copy = structuredClone(schema) as Schema;
  const lookup = dereference(copy);
  return { schema: copy, lookup, parts: Object.keys(lookup).length };
}
