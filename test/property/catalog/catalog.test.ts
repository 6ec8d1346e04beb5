import fc from "fast-check";
import { expect, it } from "vitest";
import {
  canonicalJson,
  listModels,
  validateInput,
  type FieldSpec,
  type WrittenModel,
} from "../../../src/catalog/index.ts";

const anyModel = fc.constantFrom(...listModels());

/** A valid body of any model, fields present or left out at will, in any order. */
const modelAndBody = anyModel.chain((model) => bodyOf(model).map((body) => ({ model, body })));

function bodyOf(model: WrittenModel): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(model.fields);
  const required = fields.filter(([, spec]) => "required" in spec).map(([name]) => name);
  const values = Object.fromEntries(fields.map(([name, spec]) => [name, valueOf(spec)]));
  return fc
    .record(values, { requiredKeys: required })
    .chain((body) => fc.shuffledSubarray(Object.entries(body), { minLength: Object.keys(body).length }))
    .map((entries) => Object.fromEntries(entries));
}

function valueOf(spec: FieldSpec): fc.Arbitrary<unknown> {
  switch (spec.kind) {
    case "text":
      return fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => `.${text}`);
    case "image":
      return fc.webUrl();
    case "number":
      return fc.double({ min: spec.min, max: spec.max, noNaN: true });
    case "choice":
      return fc.constantFrom(...spec.choices, null);
    case "duration":
      return fc.constantFrom(...spec.choices, ...spec.choices.map(String), null);
  }
}

it("what was validated validates to itself", () => {
  fc.assert(
    fc.property(modelAndBody, ({ model, body }) => {
      const first = validateInput(model, body);
      if (!first.ok) throw new Error(JSON.stringify(first.error));
      expect(validateInput(model, first.value.input)).toEqual(first);
      expect(JSON.parse(first.value.canonical)).toEqual(first.value.input);
    }),
  );
});

it("the seconds that are priced are the duration that is sent", () => {
  fc.assert(
    fc.property(modelAndBody, ({ model, body }) => {
      const result = validateInput(model, body);
      expect(result.ok && Number(result.value.input["duration"])).toBe(result.ok && result.value.seconds);
    }),
  );
});

it('5 and "5" are one input, and so is the same body in another order', () => {
  fc.assert(
    fc.property(modelAndBody, fc.constantFrom(5, 10), ({ model, body }, duration) => {
      const reversed = Object.fromEntries(Object.entries({ ...body, duration }).toReversed());
      const whole = validateInput(model, reversed);
      const text = validateInput(model, { ...body, duration: String(duration) });
      expect(whole.ok && whole.value.canonical).toBe(text.ok && text.value.canonical);
    }),
  );
});

it("no JSON value crashes it, and what it refuses is told in a bounded text", () => {
  const body = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom("prompt", "image", "duration", "__proto__"), fc.jsonValue()),
  );
  fc.assert(
    fc.property(anyModel, body, (model, value) => {
      const result = validateInput(model, value);
      const issues = result.ok ? [] : result.error;
      expect(result.ok || (issues.length > 0 && issues.length <= 20)).toBe(true);
      for (const issue of issues) expect(issue.value.length).toBeLessThanOrEqual(100);
    }),
  );
});

it("canonical JSON does not depend on the order of keys, and loses nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reversedKeys(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversedKeys(member)]),
  );
}
