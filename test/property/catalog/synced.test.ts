import fc from "fast-check";
import { expect, test } from "vitest";
import { readInputSchema, validateInput, type SyncedModel } from "../../../src/catalog/index.ts";

/** Schemas as vendors write them, and worse: any keyword with any value, at any depth. */
const KEYWORDS = [
  "type",
  "enum",
  "default",
  "minimum",
  "maxLength",
  "items",
  "required",
  "properties",
  "anyOf",
  "not",
  "if",
  "nullable",
  "pattern",
  "const",
  "uniqueItems",
  "additionalProperties",
  "dependentRequired",
  "minItems",
  "multipleOf",
  "prefixItems",
  "contains",
];
const { schema } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom("string", "integer", "array", "object"),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
  ),
  list: fc.array(fc.oneof(tie("leaf"), tie("schema")), { maxLength: 3 }),
  fields: fc.dictionary(fc.constantFrom("a", "b", "duration"), tie("schema"), { maxKeys: 3 }),
  schema: fc.dictionary(
    fc.constantFrom(...KEYWORDS),
    fc.oneof({ depthSize: "small", withCrossShrink: true }, tie("leaf"), tie("list"), tie("fields"), tie("schema")),
    { maxKeys: 5 },
  ),
}));

const body = fc.dictionary(
  fc.oneof(fc.constantFrom("a", "b", "duration"), fc.string()),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 4 },
);
const fields = fc.dictionary(fc.constantFrom("a", "b", "duration"), schema as fc.Arbitrary<object>, { maxKeys: 3 });

let made = 0;

function modelOf(properties: object): SyncedModel | null {
  const read = readInputSchema({ type: "object", properties });
  if (!read.ok) return null;
  const facts = { id: "acme/m", name: "m", type: "", description: "", cost: null, source: "test" };
  return { ...facts, schema: read.value.schema, schemaKey: `property ${(made += 1)}`, secondsField: null };
}

test("whatever a vendor's schema and an input are, the input is taken or refused with a field, a rule and a value", () => {
  fc.assert(
    fc.property(fields, body, (properties, given) => {
      const model = modelOf(properties);
      if (model === null) return;
      const result = validateInput(model, given);
      if (result.ok) {
        expect(Object.keys(result.value.input).filter((name) => !Object.hasOwn(properties, name))).toEqual([]);
        return;
      }
      expect(result.error.length).toBeGreaterThan(0);
      expect(result.error.length).toBeLessThanOrEqual(20);
      for (const issue of result.error) for (const text of Object.values(issue)) expect(text).not.toBe("");
    }),
    { numRuns: 3_000 },
  );
});

test("what was taken is taken again as it is: defaults are written in once and for all", () => {
  fc.assert(
    fc.property(fields, body, (properties, given) => {
      const model = modelOf(properties);
      const first = model && validateInput(model, given);
      if (!model || !first?.ok) return;
      expect(validateInput(model, first.value.input)).toEqual(first);
    }),
    { numRuns: 3_000 },
  );
});
