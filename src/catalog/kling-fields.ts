import type { FieldSpec, ImageRule } from "./types.ts";

type Text = Extract<FieldSpec, { kind: "text" }>;
type Image = Extract<FieldSpec, { kind: "image" }>;
type Duration = Extract<FieldSpec, { kind: "duration" }>;

/**
 * The inputs that Kling models share. What differs from page to page is the argument: a limit that
 * a model's page does not state is not ours to add.
 */
export const klingFields = {
  prompt: (maxLength?: number): Text => ({
    kind: "text",
    required: true,
    ...limited(maxLength),
    description: "What the video should show, and how it should move.",
  }),

  negativePrompt: (maxLength?: number): Text => ({
    kind: "text",
    ...limited(maxLength),
    description: "What the video should not show.",
  }),

  firstFrame: (aspectRatioMax?: number): Image => ({
    kind: "image",
    required: true,
    image: aspectRatioMax === undefined ? KLING_IMAGE : { ...KLING_IMAGE, aspectRatioMax },
    description: "First frame: an http(s) URL, or a base64 data URI, of a JPEG or PNG.",
  }),

  lastFrame: (presence: "required" | "optional"): Image => ({
    kind: "image",
    ...(presence === "required" ? { required: true } : {}),
    image: KLING_IMAGE,
    description: "Last frame: an http(s) URL, or a base64 data URI, of a JPEG or PNG.",
  }),

  guidanceScale: {
    kind: "number",
    default: 0.5,
    min: 0,
    max: 1,
    description: "How closely the video follows the prompt: 0 freely, 1 strictly.",
  },

  aspectRatio: {
    kind: "choice",
    default: "16:9",
    choices: ["16:9", "9:16", "1:1"],
    description: "Width to height of the video.",
  },

  duration: (spelling: Duration["spelling"]): Duration => ({
    kind: "duration",
    default: 5,
    choices: [5, 10],
    spelling,
    description: "Seconds of video, by which the job is priced.",
  }),
} as const satisfies Record<string, FieldSpec | ((...args: never[]) => FieldSpec)>;

/** The pages say 10 MB; read as mebibytes, so that no image WaveSpeed may take is refused here. */
const KLING_IMAGE: ImageRule = {
  formats: ["jpg", "png"],
  bytesMax: 10 * 1024 * 1024,
  pixelsMinPerSide: 300,
};

function limited(maxLength: number | undefined): { maxLength?: number } {
  return maxLength === undefined ? {} : { maxLength };
}
