/** Above this length a listed text may have been cut or replaced, and proves nothing. */
const TEXT_MAX = 1_000;

/**
 * Whether a task in WaveSpeed's list could have been made by the input we sent. Fields that are not the
 * model's own (WaveSpeed's flags) do not matter. `unclear`: what can be compared is equal, but not all could be (a list may show
 * an upload's address for a data URI, or a long text cut): such a task is never adopted by itself,
 * and never counts as "nothing was created".
 */
export function compareInput(
  listed: Record<string, unknown> | undefined,
  sent: Record<string, unknown>,
  modelFields: readonly string[],
): "same" | "different" | "unclear" {
  if (listed === undefined) return "unclear";
  // A field of the model that we did not send, and that is filled: somebody else's task.
  if (modelFields.some((name) => sent[name] === undefined && isFilled(listed[name]))) return "different";
  const verdicts = Object.entries(sent).map(([name, value]) => compareField(listed[name], value));
  if (verdicts.includes("different")) return "different";
  return verdicts.includes("unclear") ? "unclear" : "same";
}

function compareField(listed: unknown, sent: unknown): "same" | "different" | "unclear" {
  if (listed === undefined || listed === null) return "unclear";
  const given = String(sent);
  if (String(listed) === given) return "same";
  return given.length > TEXT_MAX || given.startsWith("data:") ? "unclear" : "different";
}

const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
