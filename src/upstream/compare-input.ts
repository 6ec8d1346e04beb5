import { isRecord } from "./envelope.ts";

/** Above this length a listed text may have been cut or replaced, and proves nothing. */
const TEXT_MAX = 1_000;

/**
 * Whether a task in WaveSpeed's list could have been made by the input we sent. Fields that are not the
 * model's own (WaveSpeed's flags) do not matter. `unclear`: what can be compared is equal, but not all could be (a list may show
 * an upload's address for a data URI, or a long text cut): such a task is never adopted by itself,
 * and never counts as "nothing was created". `modelFields` null: not known, as for models that are only synced.
 */
export function compareInput(
  listed: Record<string, unknown> | undefined,
  sent: Record<string, unknown>,
  modelFields: readonly string[] | null,
): "same" | "different" | "unclear" {
  if (listed === undefined) return "unclear";
  // A field of the model that we did not send, and that is filled: somebody else's task.
  if (modelFields?.some((name) => sent[name] === undefined && isFilled(listed[name]))) return "different";
  const verdicts = Object.entries(sent).map(([name, value]) => compareField(listed[name], value, name));
  // Of a model whose fields are not known here, one that we did not send may be its own, or WaveSpeed's.
  const isStrange = (name: string): boolean => sent[name] === undefined && isFilled(listed[name]) && !FLAGS.has(name);
  if (modelFields === null && Object.keys(listed).some(isStrange)) verdicts.push("unclear");
  if (verdicts.includes("different")) return "different";
  return verdicts.includes("unclear") ? "unclear" : "same";
}

function compareField(listed: unknown, sent: unknown, name: string): "same" | "different" | "unclear" {
  if (listed === undefined || listed === null) return "unclear";
  const given = textOf(sent);
  if (textOf(listed) === given) return "same";
  // The list may tell the seed that was drawn.
  if (name === "seed" && given === ANY_SEED) return "unclear";
  // Nested values may have been completed or uploaded, too.
  const isNested = typeof sent === "object" && sent !== null;
  return isNested || given.length > TEXT_MAX || given.startsWith("data:") ? "unclear" : "different";
}

const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** "Draw one": the default of nearly every image model. */
const ANY_SEED = "-1";

const FLAGS = new Set(["enable_sync_mode", "enable_base64_output"]);

/** One text for 5 and "5"; lists and objects by what is in them, whichever order their members came in. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (!isRecord(value)) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`);
  return `{${members.sort().join(",")}}`;
}
