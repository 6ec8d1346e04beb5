import { expect, test } from "vitest";
import { canonicalJson } from "../../../src/catalog/canonical-json.ts";
import { bodyHash } from "../../../src/gateway/body-hash.ts";
import { sha256Hex } from "../../../src/keys/sha256-hex.ts";

test.each([
  ["a/model", { sync: false }, {}],
  ["a/model", { sync: true, webhook: 'https://a.example/?q="1"', base64: true }, { prompt: 'ein "Bild" \u2028', n: 5 }],
  ['odd "model"', {}, { z: [1, { b: null, a: 1e21 }], a: "x" }],
])("is that of the canonical JSON of all of it: %s %j", (model, flags, input) => {
  const whole = sha256Hex(canonicalJson({ model, flags, input }));
  expect(bodyHash(model, flags, canonicalJson(input))).toBe(whole);
});
