import { klingFields } from "./kling-fields.ts";
import type { WrittenModel } from "./types.ts";

const DOCS = "https://wavespeed.ai/docs/docs-api/kwaivgi";

/** Kling 2.1, each entry as its own page states it; x-order-properties is the order written here. */
export const KLING_V2_1: readonly WrittenModel[] = [
  {
    id: "kwaivgi/kling-v2.1-i2v-master",
    name: "Kling 2.1 image-to-video Master",
    type: "image-to-video",
    description: "Animates a first frame, at the highest quality of the 2.1 family.",
    fields: {
      prompt: klingFields.prompt(2500),
      negative_prompt: klingFields.negativePrompt(),
      image: klingFields.firstFrame(),
      guidance_scale: klingFields.guidanceScale,
      duration: klingFields.duration("integer"),
    },
    cost: {
      unit: "second",
      unitMicros: 260_000,
      confirmed: true,
      source: `${DOCS}/kwaivgi-kling-v2.1-i2v-master: $0.26 per second`,
    },
    source: `${DOCS}/kwaivgi-kling-v2.1-i2v-master`,
  },
  {
    id: "kwaivgi/kling-v2.1-i2v-pro",
    name: "Kling 2.1 image-to-video Pro",
    type: "image-to-video",
    description: "Animates a first frame, at professional quality.",
    fields: {
      prompt: klingFields.prompt(2500),
      negative_prompt: klingFields.negativePrompt(2500),
      image: klingFields.firstFrame(),
      guidance_scale: klingFields.guidanceScale,
      duration: klingFields.duration("string"),
    },
    cost: {
      unit: "second",
      unitMicros: 90_000,
      confirmed: true,
      source: `${DOCS}/kwaivgi-kling-v2.1-i2v-pro: $0.45 for 5 s, $0.90 for 10 s`,
    },
    source: `${DOCS}/kwaivgi-kling-v2.1-i2v-pro`,
  },
  {
    id: "kwaivgi/kling-v2.1-i2v-pro/start-end-frame",
    name: "Kling 2.1 image-to-video Pro, start and end frame",
    type: "image-to-video",
    description: "Moves from a given first frame to a given last frame.",
    // Its page was not at hand: the fields are those of i2v-pro plus the last frame that the name
    // promises, with duration as another host of the same model id takes it (Atlas Cloud: an integer).
    fields: {
      image: klingFields.firstFrame(),
      end_image: klingFields.lastFrame("required"),
      prompt: klingFields.prompt(2500),
      negative_prompt: klingFields.negativePrompt(2500),
      guidance_scale: klingFields.guidanceScale,
      duration: klingFields.duration("integer"),
    },
    cost: {
      unit: "second",
      unitMicros: 90_000,
      confirmed: false,
      source: "a third party's copy of WaveSpeed's price list: $0.45 for 5 s",
    },
    source: `${DOCS}/kwaivgi-kling-v2.1-i2v-pro-start-end-frame`,
  },
  {
    id: "kwaivgi/kling-v2.1-i2v-standard",
    name: "Kling 2.1 image-to-video Standard",
    type: "image-to-video",
    description: "Animates a first frame, at the lowest price of the 2.1 family.",
    fields: {
      prompt: klingFields.prompt(),
      negative_prompt: klingFields.negativePrompt(),
      image: klingFields.firstFrame(),
      guidance_scale: klingFields.guidanceScale,
      duration: klingFields.duration("integer"),
    },
    cost: {
      unit: "second",
      unitMicros: 50_000,
      confirmed: false,
      source: "a third party's copy of WaveSpeed's price list: $0.25 for 5 s ($0.28 elsewhere)",
    },
    source: `${DOCS}/kwaivgi-kling-v2.1-i2v-standard`,
  },
  {
    id: "kwaivgi/kling-v2.1-t2v-master",
    name: "Kling 2.1 text-to-video Master",
    type: "text-to-video",
    description: "Makes a video from text alone, at the highest quality of the 2.1 family.",
    // Its page was not at hand: fields, limits and defaults are those of a published client's
    // request class for this path, which no page of WaveSpeed's confirms.
    fields: {
      prompt: klingFields.prompt(2500),
      negative_prompt: klingFields.negativePrompt(2500),
      aspect_ratio: klingFields.aspectRatio,
      duration: klingFields.duration("integer"),
      guidance_scale: klingFields.guidanceScale,
    },
    cost: {
      unit: "second",
      unitMicros: 260_000,
      confirmed: false,
      source: "a third party's price index: $1.30 per call, which is 5 s at the master rate",
    },
    source: `${DOCS}/kwaivgi-kling-v2.1-t2v-master`,
  },
];
