import { findModel, validateInput, type Json, type ValidInput } from "../catalog/index.ts";
import type { FieldIssue } from "../errors/catalogue.ts";
import { type Result, err, ok } from "../errors/result.ts";
import type { Aspect } from "./mp4/sample-video.ts";
import { checkOther, otherModel } from "./other-models.ts";
import { basePriceUsd, priceUsd } from "./price-list.ts";
import type { WireRefusal } from "./submit-plan.ts";
import type { TaskOrder } from "./task.ts";

/** The part of a submit that is beside the model's inputs. */
export interface SubmitSetting {
  account: string;
  publicBase: string;
  webhookUrl: string;
}

const MISSING_PARAMETER = 1400;
const STANDARD_SECONDS = 5;
const INVALID_PARAMETER = 1401;
/** Longer texts (images as data URIs) are kept shortened: they are only echoed. */
const ECHOED_CHARACTERS_MAX = 4_096;
const ASPECTS: readonly Aspect[] = ["16:9", "9:16", "1:1"];

/** Checks a submit's path and inputs as WaveSpeed does: one refusal that names every wrong field. */
export function readSubmit(
  modelId: string,
  body: Record<string, unknown>,
  setting: SubmitSetting,
): Result<TaskOrder, WireRefusal> {
  const { enable_sync_mode: sync, enable_base64_output: base64, ...inputs } = body;
  // The status of an unknown model is disputed (400 or 404); this is the better attested one.
  const sold = soldAs(modelId);
  if (sold === undefined) return refuse(400, `model "${modelId}" not found`);
  for (const [name, value] of Object.entries({
    enable_sync_mode: sync,
    enable_base64_output: base64,
  })) {
    if (value !== undefined && typeof value !== "boolean")
      return refuse(INVALID_PARAMETER, `field "${name}" must be a boolean`);
  }
  if (setting.webhookUrl !== "" && !isWebUrl(setting.webhookUrl)) {
    return refuse(INVALID_PARAMETER, `webhook must be an http or https URL, was "${setting.webhookUrl.slice(0, 100)}"`);
  }
  const valid = sold.check(inputs);
  if (!valid.ok) return refuse(codeOf(valid.error), valid.error.map(sentenceOf).join("; "));
  return ok({
    ...setting,
    model: modelId,
    prompt: typeof body["prompt"] === "string" ? body["prompt"] : "",
    input: shortened(valid.value.input),
    seconds: secondsOf(valid.value),
    aspect: aspectOf(valid.value),
    priceUsd: sold.price(valid.value),
    base64: base64 === true,
  });
}

interface Sold {
  check: (inputs: Record<string, unknown>) => Result<ValidInput, FieldIssue[]>;
  price: (valid: ValidInput) => number;
}

function soldAs(id: string): Sold | undefined {
  const model = findModel(id);
  const base = basePriceUsd(id);
  if (model && base !== undefined) {
    return { check: (inputs) => validateInput(model, inputs), price: ({ seconds }) => priceUsd(base, seconds) };
  }
  const other = otherModel(id);
  return other && { check: (inputs) => checkOther(other, inputs), price: ({ input }) => other.priceUsd(input) };
}

/** Of a video whose length nobody asked for, too. */
const secondsOf = ({ seconds, input }: ValidInput): number =>
  seconds > 0 ? seconds : Number(input["duration"] ?? STANDARD_SECONDS);

const refuse = (code: number, message: string): Result<never, WireRefusal> => err({ status: 400, code, message });

const isMissing = (issue: FieldIssue): boolean => issue.rule.startsWith("is required");

const codeOf = (issues: readonly FieldIssue[]): number =>
  issues.every(isMissing) ? MISSING_PARAMETER : INVALID_PARAMETER;

const sentenceOf = (issue: FieldIssue): string => `field "${issue.field}" ${issue.rule}, was ${issue.value}`;

const isWebUrl = (text: string): boolean => ["http:", "https:"].includes(URL.parse(text)?.protocol ?? "");

/** A model made from an image has no such field; its videos are shown wide. */
const aspectOf = ({ input }: ValidInput): Aspect =>
  ASPECTS.find((aspect) => aspect === input["aspect_ratio"]) ?? "16:9";

function shortened(input: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const long = typeof value === "string" && value.length > ECHOED_CHARACTERS_MAX;
      return [name, long ? `${value.slice(0, 200)}... (${value.length} characters)` : value];
    }),
  );
}
