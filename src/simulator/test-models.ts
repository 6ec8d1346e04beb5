import type { OtherModel } from "./other-models.ts";

/** As text, since an object with a `then` is taken for a promise by whoever awaits it. */
const CONDITIONS = JSON.parse(`{
  "anyOf": [{ "required": ["prompt"] }, { "required": ["image"] }],
  "if": { "properties": { "mode": { "const": "image" } } },
  "then": { "required": ["image"] }
}`) as Record<string, unknown>;

/** Models that WaveSpeed does not have: one of each kind of price and schema that its list has. */
export const TEST_MODELS: readonly OtherModel[] = [
  {
    id: "simulated/video-by-second",
    type: "text-to-video",
    description: "A video that is priced by its seconds.",
    basePriceUsd: 0.2,
    formula: '{"total_price": base_price * duration / 4}',
    requestSchema: {
      type: "object",
      required: ["prompt"],
      properties: {
        prompt: { type: "string", maxLength: 1000 },
        duration: { type: "integer", enum: [4, 8, 12], default: 4 },
        aspect_ratio: { type: "string", enum: ["16:9", "9:16", "1:1"], default: "16:9" },
      },
    },
    output: "video",
    priceUsd: ({ duration }) => 0.05 * Number(duration ?? 4),
  },
  {
    id: "simulated/restyle",
    type: "image-to-image",
    description: "An image at one price, whatever is asked, with lists of objects in its input.",
    basePriceUsd: 0.03,
    formula: '{"total_price":base_price * 1}',
    requestSchema: {
      type: "object",
      required: ["images", "prompt"],
      properties: {
        prompt: { type: "string" },
        images: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 4 },
        loras: {
          type: "array",
          maxItems: 3,
          items: {
            type: "object",
            required: ["path"],
            properties: { path: { type: "string" }, scale: { type: "number", default: 1, minimum: 0, maximum: 4 } },
          },
        },
      },
    },
    output: "image",
    priceUsd: () => 0.03,
  },
  {
    id: "simulated/images-by-count",
    type: "text-to-image",
    description: "Images whose number makes the price: no fixed one.",
    basePriceUsd: 0.02,
    formula: '{"total_price": base_price * num_images}',
    requestSchema: {
      type: "object",
      required: ["prompt"],
      properties: {
        prompt: { type: "string" },
        num_images: { type: "integer", minimum: 1, maximum: 4, default: 1 },
      },
    },
    output: "image",
    priceUsd: ({ num_images: images }) => 0.02 * Number(images ?? 1),
  },
  {
    id: "simulated/conditions",
    type: "text-to-image",
    description: "A schema with conditions, alternatives and a pattern that would hang a careless validator.",
    basePriceUsd: 0.01,
    formula: "",
    requestSchema: {
      type: "object",
      properties: {
        mode: { type: "string", enum: ["text", "image"], default: "text" },
        prompt: { type: "string", pattern: "^(([a-z ])+.)+[A-Z]([a-z])+$" },
        image: { type: "string", format: "uri" },
        layout: {
          type: "object",
          properties: { rows: { type: "array", items: { type: "array", items: { type: "integer", minimum: 0 } } } },
        },
      },
      ...CONDITIONS,
    },
    output: "image",
    priceUsd: () => 0.01,
  },
  {
    id: "simulated/refers",
    type: "text-to-image",
    description: "A schema with a reference, which cannot be enabled.",
    basePriceUsd: 0.01,
    formula: "",
    requestSchema: {
      type: "object",
      properties: { prompt: { $ref: "#/definitions/text" } },
      definitions: { text: { type: "string" } },
    },
    output: "image",
    priceUsd: () => 0.01,
  },
];
