import { describe, expect, it } from "vitest";
import { readInputSchema, validateInput, type InputSchema, type SyncedModel } from "../../../src/catalog/index.ts";

const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

function schemaOf(vendor: unknown): InputSchema {
  const read = readInputSchema(vendor);
  if (!read.ok) throw new Error(read.error);
  return read.value.schema;
}

let made = 0;
/** A synced model with this vendor's schema, as if it had been enabled. */
function modelOf(vendor: unknown, secondsField: string | null = null): SyncedModel {
  const facts = { name: "m", type: "text-to-image", description: "", cost: null, source: "test" };
  return { ...facts, id: "acme/m", schema: schemaOf(vendor), schemaKey: `test ${(made += 1)}`, secondsField };
}

const input = (vendor: unknown, body: unknown) => {
  const result = validateInput(modelOf(vendor), body);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.input;
};

const issues = (vendor: unknown, body: unknown) => {
  const result = validateInput(modelOf(vendor), body);
  return result.ok ? [] : result.error.map(({ field, rule, value }) => `${field} ${rule}, was ${value}`);
};

const IMAGE = object(
  {
    prompt: { type: "string", maxLength: 10 },
    size: { type: "string", default: "1024*1024" },
    seed: { type: "integer", minimum: -1, maximum: 100, default: -1 },
    steps: { type: "integer", enum: [4, 8], default: 8 },
    enable_sync_mode: { type: "boolean", default: false },
    enable_base64_output: { type: "boolean", default: false },
    webhook: { type: "string" },
  },
  { required: ["prompt", "enable_sync_mode"], "x-order-properties": ["prompt", "webhook", "size"] },
);

describe("an input of a synced model", () => {
  it("has the defaults written in, and none of the gateway's flags", () => {
    expect(input(IMAGE, { prompt: "a fox" })).toEqual({ prompt: "a fox", size: "1024*1024", seed: -1, steps: 8 });
    expect(schemaOf(IMAGE)).toMatchObject({ required: ["prompt"], "x-order-properties": ["prompt", "size"] });
  });

  it.each([true, {}, { "x-hint": 1 }])(
    "has no unlisted fields within a listed object, left open by %j",
    (additionalProperties) => {
      const vendor = object({ camera: object({ pan: { type: "number" } }, { additionalProperties }) });
      expect(issues(vendor, { camera: { pan: 1, frames: 900 } })).toEqual([
        "camera.frames is not a field of acme/m, was 900",
      ]);
    },
  );

  it("is the same canonical text in whatever order it comes, nested values too", () => {
    const vendor = object({
      loras: { type: "array", items: object({ path: { type: "string" }, scale: { type: "number" } }) },
    });
    const canonical = (body: unknown) => {
      const valid = validateInput(modelOf(vendor), body);
      return valid.ok && valid.value.canonical;
    };
    expect(canonical({ loras: [{ scale: 1, path: "a" }] })).toBe(canonical({ loras: [{ path: "a", scale: 1 }] }));
    expect(canonical({ loras: [{ scale: 1, path: "a" }] })).toBe('{"loras":[{"path":"a","scale":1}]}');
  });

  it("takes null for not given, as the written models do", () => {
    expect(input(IMAGE, { prompt: "a fox", seed: null })).toMatchObject({ seed: -1 });
    expect(issues(IMAGE, { prompt: null })).toEqual(["prompt is required: must be a string, was missing"]);
  });

  it("is refused with every wrong field, its rule and its value", () => {
    const wrong = { prompt: "a fox in a box", seed: 1.5, steps: 5, size: 7, colour: "red" };
    expect(issues(IMAGE, wrong).sort()).toEqual(
      [
        'prompt must have at most 10 characters, was "a fox in a box"',
        "seed must be a whole number, was 1.5",
        "size must be a string, was 7",
        "steps must be 4 or 8, was 5",
        'colour is not a field of acme/m, which takes prompt, size, seed, steps, was "red"',
      ].sort(),
    );
    expect(issues(IMAGE, { seed: 101 })).toEqual([
      "prompt is required: must be a string, was missing",
      "seed must be at most 100, was 101",
    ]);
  });

  it("is refused for unlisted fields at every depth, also where the vendor leaves that open", () => {
    const vendor = object(
      { loras: { type: "array", items: object({ path: { type: "string" } }) } },
      { additionalProperties: true },
    );
    expect(issues(vendor, { loras: [{ path: "a", price: 0 }], ["__proto__x"]: 1 })).toEqual([
      "loras.0.price is not a field of acme/m, was 0",
      "__proto__x is not a field of acme/m, which takes loras, was 1",
    ]);
    expect(issues(vendor, JSON.parse('{"__proto__": 1}'))).toHaveLength(1);
  });

  it("obeys conditions, and tells alternatives by what they need", () => {
    const either = object(
      { text: { type: "string" }, image: { type: "string" }, mode: { enum: ["a", "b"] }, level: { type: "integer" } },
      JSON.parse(`{
        "anyOf": [{ "required": ["text"] }, { "required": ["image"] }],
        "if": { "properties": { "mode": { "const": "b" } }, "required": ["mode"] },
        "then": { "required": ["level"] }
      }`) as object,
    );
    expect(issues(either, {})).toEqual(["body must have one of text, image, was an object"]);
    expect(issues(either, { text: "t", mode: "b" })).toEqual([
      "level is required: must be a whole number, was missing",
    ]);
    expect(issues(either, { text: "t", mode: "b", level: 1 })).toEqual([]);
  });

  it("is bounded in depth, in values and in names, so that no input can hang the check", () => {
    const vendor = object({ list: { type: "array", uniqueItems: true }, tree: {} });
    expect(issues(vendor, { list: Array.from({ length: 2_001 }, (_, at) => at) })).toEqual([
      "body must hold at most 2000 values, was more",
    ]);
    const deep = JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`) as unknown;
    expect(issues(vendor, { tree: deep })).toEqual(["body must be nested at most 32 levels deep, was deeper"]);
    expect(issues(vendor, { "\ud800": 1 })).toEqual(["body must have names of whole characters, was half of one"]);
    expect(issues(vendor, [])).toEqual(["body must be a JSON object, was a list of 0"]);
  });

  it("says how many seconds it is priced by, and 0 where a run is priced", () => {
    const vendor = object({ duration: { type: "string", enum: ["5", "10"], default: "5" } });
    const seconds = (field: string | null, body: object) => {
      const valid = validateInput(modelOf(vendor, field), body);
      return valid.ok && valid.value.seconds;
    };
    expect(seconds("duration", {})).toBe(5);
    expect(seconds("duration", { duration: "10" })).toBe(10);
    expect(seconds(null, { duration: "10" })).toBe(0);
  });
});

describe("a vendor's schema", () => {
  const refused = (vendor: unknown): string => {
    const read = readInputSchema(vendor);
    return read.ok ? "" : read.error;
  };

  it("cannot be used where it refers, is too deep, too large, or none of an object", () => {
    const deep = (levels: number): object => (levels === 0 ? {} : { items: deep(levels - 1) });
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`f${at}`, {}]));
    expect(refused(object({ a: { $ref: "#" } }))).toBe("its schema uses $ref");
    expect(refused(object({ a: deep(20) }))).toBe("its schema is nested deeper than 16 levels");
    expect(refused(object(many))).toBe("its schema has more than 1000 parts");
    expect(refused(object({ a: { description: "x".repeat(70_000) } }))).toContain("longer than 65536");
    expect(refused(object({ "a b": {} }))).toBe('its schema has a field called "a b"');
    expect(refused({ type: "array" })).toBe("its schema is not that of a JSON object");
    expect(refused({})).toBe("its schema lists no fields");
    expect(refused("{}")).toBe("its schema is not a JSON object");
  });

  it("loses its patterns, which could hang an isolate, and says so", () => {
    const read = readInputSchema(object({ a: { type: "string", pattern: "^(a+)+$", format: "uri" } }));
    expect(read.ok && read.value.notes).toEqual([
      "pattern is left to WaveSpeed to check",
      "format is left to WaveSpeed to check",
    ]);
    expect(input(object({ a: { type: "string", pattern: "^(a+)+$" } }), { a: `${"a".repeat(50)}!` })).toBeDefined();
  });

  it("loses a default that breaks its own field's rules, so that leaving the field out stays possible", () => {
    const vendor = object({ size: { enum: ["s", "m"], default: "xl" }, image: { type: "string", default: "" } });
    expect(input(vendor, {})).toEqual({});
    const read = readInputSchema(vendor);
    expect(read.ok && read.value.notes).toEqual(["the default of size breaks its own rules and is not sent"]);
  });

  it("may be spelled as older drafts and OpenAPI do", () => {
    const vendor = object({
      a: { type: "number", minimum: 0, exclusiveMinimum: true },
      b: { type: "string", nullable: true },
    });
    expect(issues(vendor, { a: 0, b: null })).toEqual(["a must be above 0, was 0"]);
  });
});
