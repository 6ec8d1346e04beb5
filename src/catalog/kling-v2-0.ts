import { klingFields } from "./kling-fields.ts";
import type { CostSpec, WrittenModel } from "./types.ts";

const DOCS = "https://wavespeed.ai/docs/docs-api/kwaivgi";

/** USD 0.26 per second of video. */
const MASTER_COST = { unit: "second", unitMicros: 260_000 } as const satisfies Partial<CostSpec>;

/** Kling 2.0, each entry as its own page states it; x-order-properties is the order written here. */
export const KLING_V2_0: readonly WrittenModel[] = [
  {
    id: "kwaivgi/kling-v2.0-i2v-master",
    name: "Kling 2.0 image-to-video Master",
    type: "image-to-video",
    description: "Animates a first frame, and optionally reaches a given last frame.",
    fields: {
      image: klingFields.firstFrame(2.5),
      // The page states an aspect ratio for the first frame only.
      end_image: klingFields.lastFrame("optional"),
      prompt: klingFields.prompt(2500),
      negative_prompt: klingFields.negativePrompt(2500),
      guidance_scale: klingFields.guidanceScale,
      duration: klingFields.duration("string"),
    },
    cost: {
      ...MASTER_COST,
      confirmed: false,
      source: "a third party's copy of WaveSpeed's price list: $1.30 for 5 s; the model's page gives none",
    },
    source: `${DOCS}/kwaivgi-kling-v2.0-i2v-master`,
  },
  {
    id: "kwaivgi/kling-v2.0-t2v-master",
    name: "Kling 2.0 text-to-video Master",
    type: "text-to-video",
    description: "Makes a video from text alone, in three aspect ratios.",
    fields: {
      prompt: klingFields.prompt(2500),
      aspect_ratio: klingFields.aspectRatio,
      negative_prompt: klingFields.negativePrompt(),
      duration: klingFields.duration("integer"),
    },
    cost: {
      ...MASTER_COST,
      confirmed: true,
      source: `${DOCS}/kwaivgi-kling-v2.0-t2v-master: $1.30 for 5 s, $2.60 for 10 s`,
    },
    source: `${DOCS}/kwaivgi-kling-v2.0-t2v-master`,
  },
];
