import type { OtherModel } from "./other-models.ts";

/**
 * What the official clients' own tests run. Not confirmed by WaveSpeed's list, which nobody of us has read: the price
 * is that of a third party's price table for this very id ($0.005 a run), and WaveSpeed's blog gives the same
 * for its image-to-image twin; the fields are those of WaveSpeed's page of the twin z-image-base, less what only
 * that one can.
 */
export const Z_IMAGE_TURBO: OtherModel = {
  id: "wavespeed-ai/z-image/turbo",
  type: "text-to-image",
  description: "Makes an image from text within a second.",
  basePriceUsd: 0.005,
  formula: "",
  requestSchema: {
    type: "object",
    required: ["prompt"],
    "x-order-properties": ["prompt", "size", "seed", "output_format", "enable_sync_mode", "enable_base64_output"],
    properties: {
      prompt: { type: "string", description: "What to show." },
      size: { type: "string", default: "1024*1024", description: "Width and height in pixels." },
      seed: { type: "integer", default: -1, minimum: -1, maximum: 2147483647, description: "-1 draws one." },
      output_format: { type: "string", enum: ["jpeg", "png", "webp"], default: "jpeg" },
      enable_sync_mode: { type: "boolean", default: false },
      enable_base64_output: { type: "boolean", default: false },
    },
  },
  output: "image",
  priceUsd: () => 0.005,
};
