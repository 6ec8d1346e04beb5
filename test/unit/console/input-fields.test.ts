import { expect, test } from "vitest";
import { listModels, requestSchema, validateInput } from "../../../src/catalog/index.ts";
import { inputFields, readInput } from "../../../src/console/pages/playground/input-fields.ts";

const IMAGE = "https://example.com/frame.png";

test.each(listModels().map((model) => [model.id, model] as const))(
  "%s: its form, filled in, is an input of it",
  (_, model) => {
    const fields = inputFields({ ...requestSchema(model) });
    const filled = fields.map(({ name, initial, required }) => [
      `input.${name}`,
      initial !== "" ? initial : name.includes("image") && required ? IMAGE : required ? "a lighthouse" : "",
    ]);
    const input = readInput(fields, Object.fromEntries(filled) as Record<string, string>);
    expect(validateInput(model, input)).toMatchObject({ ok: true });
  },
);

test("fields come in the order of the model's page, and what is no number is left for the API to name", () => {
  const schema = {
    properties: {
      steps: { type: "integer" },
      loras: { type: "array", default: [{ path: "a" }] },
      loop: { type: "boolean", default: true },
      prompt: { type: "string" },
      size: { type: "integer", enum: [1, 2], default: 2 },
    },
    required: ["prompt"],
    "x-order-properties": ["prompt", "size"],
  };
  const fields = inputFields(schema);
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ["prompt", "text"],
    ["size", "choice"],
    ["steps", "number"],
    ["loras", "json"],
    ["loop", "switch"],
  ]);
  const values = {
    "input.prompt": "x",
    "input.size": "2",
    "input.steps": "many",
    "input.loras": "[1",
    "input.loop": "true",
  };
  expect(readInput(fields, values)).toEqual({ prompt: "x", size: 2, steps: "many", loras: "[1", loop: true });
  expect(readInput(fields, { "input.prompt": " ", "input.loras": "[1]" })).toEqual({ loras: [1], loop: false });
});
