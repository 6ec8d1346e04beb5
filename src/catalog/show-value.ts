/** Longest text of a value or field name that a refusal repeats, in characters. */
export const SHOWN_MAX = 100;

const QUOTED_MAX = 60;

/**
 * What was given, for a refusal: at most SHOWN_MAX characters, whatever was sent. Lists and objects
 * are named and not printed; a data URI is cut to its type and length.
 */
export function showValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string") return showText(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  return shorten(String(value));
}

/** Cuts text to SHOWN_MAX characters. */
export function shorten(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`;
}

function showText(text: string): string {
  const head = /^data:[^,]{0,40},/i.exec(text.slice(0, 64))?.[0];
  if (head !== undefined) return `${head}… (${text.length} characters)`;
  if (text.length <= QUOTED_MAX) return shorten(JSON.stringify(text));
  return shorten(`${JSON.stringify(text.slice(0, QUOTED_MAX))}… (${text.length} characters)`);
}
