import { describe, expect, it } from "vitest";
import { defaultInputs, readInputSchema, validateInput, type InputSchema } from "../../../src/catalog/index.ts";

const object = (properties: object) => ({ type: "object", properties });
const times = <T>(count: number, made: () => T): T[] => Array.from({ length: count }, made);

let made = 0;

function check(schema: InputSchema, body: unknown) {
  const facts = { name: "m", type: "text-to-image", description: "", cost: null, source: "test", secondsField: null };
  return validateInput({ ...facts, id: "acme/m", schema, schemaKey: `hostile ${(made += 1)}` }, body);
}

function sound(vendor: object): InputSchema {
  const read = readInputSchema(vendor);
  if (!read.ok) throw new Error(read.error);
  return read.value.schema;
}

describe("a schema that would exhaust an isolate", () => {
  it("cannot be enabled where its defaults hold lists of what has defaults again", () => {
    const bomb = [0, 1, 2, 3, 4, 5].reduce<object>(
      (x) => ({ type: "array", items: object({ x }), default: times(30, () => ({})) }),
      { type: "string", default: "x" },
    );
    expect(readInputSchema(object({ bomb }))).toEqual({
      ok: false,
      error: "its defaults have more than 1000000 characters",
    });
  });

  it("is not filled beyond a bound where each entry of a list is given a long default", () => {
    const x = { type: "string", default: "y".repeat(30_000) };
    const schema = sound(object({ list: { type: "array", items: object({ x }) } }));
    expect(check(schema, { list: times(30, () => ({})) })).toMatchObject({ ok: true });
    expect(check(schema, { list: times(990, () => ({})) })).toMatchObject({
      ok: false,
      error: [{ field: "body", rule: "must be given at most 1000000 characters of the model's defaults" }],
    });
    expect(defaultInputs(schema)).toEqual({});
  });

  it("cannot be enabled with more than 50 conditions, each of which looks at all of a value again", () => {
    const withWays = (ways: number) => object({ a: { anyOf: times(ways, () => ({ maxLength: 9 })) } });
    expect(readInputSchema(withWays(50))).toMatchObject({ ok: true });
    expect(readInputSchema(withWays(51))).toEqual({ ok: false, error: "its schema has more than 50 conditions" });
  });

  it("tells all of a few things that are wrong, and of tens of thousands those of one field", () => {
    const wrong = Object.fromEntries(times(45, () => [`f${(made += 1)}`, { type: "string", enum: ["a"], const: "a" }]));
    const items = object({ ...wrong, x: { anyOf: times(50, () => ({ type: "string", enum: ["a"] })) } });
    const schema = sound(object({ list: { type: "array", items } }));
    const entry = Object.fromEntries(Object.keys({ ...wrong, x: 1 }).map((name) => [name, 7]));
    const one = check(schema, { list: [entry] });
    expect(one).toMatchObject({ ok: false });
    expect(one.ok || one.error).toHaveLength(20);
    const many = check(schema, { list: times(42, () => entry) });
    expect(many.ok || many.error.length).toBe(3);
  });
});
