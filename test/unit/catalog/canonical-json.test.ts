import { expect, it } from "vitest";
import { canonicalJson } from "../../../src/catalog/index.ts";

it.each([
  [{ b: 1, a: [2, { d: null, c: "é\n" }] }, '{"a":[2,{"c":"é\\n","d":null}],"b":1}'],
  [{ a: undefined, b: 1 }, '{"b":1}'],
  [-0, "0"],
  [1e21, "1e+21"],
  ["\ud800", '"\\ud800"'],
  [{ "10": 1, "9": 2, B: 3, a: 4 }, '{"10":1,"9":2,"B":3,"a":4}'],
])("writes %j as one text", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it("keeps a member called __proto__", () => {
  expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, undefined, () => 1, Symbol("s")])(
  "throws for a value that JSON would change",
  (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson([value])).toThrow(TypeError);
  },
);

it("throws for nesting that could exhaust the stack", () => {
  let deep: unknown = 1;
  for (let at = 0; at < 100_000; at += 1) deep = [deep];
  expect(() => canonicalJson(deep)).toThrow(/nested deeper/);
});
