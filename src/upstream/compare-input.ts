/** Above this length a listed text may have been cut or replaced, and proves nothing. */
const TEXT_MAX = 1_000;

/**
 * Whether a task in WaveSpeed's list could have been made by the input we sent. Fields that WaveSpeed
 * added do not matter. `unclear`: what can be compared is equal, but not all could be (a list may show
 * an upload's address for a data URI, or a long text cut): such a task is never adopted by itself,
 * and never counts as "nothing was created".
 */
export function compareInput(
  listed: Record<string, unknown> | undefined,
  sent: Record<string, unknown>,
): "same" | "different" | "unclear" {
  if (listed === undefined) return "unclear";
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
