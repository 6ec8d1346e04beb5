const SHOWN_CHARS_MAX = 64;
const KEY = /wg_(live|test|mgmt)_[A-Za-z0-9_-]*/g;

/** A value as an error repeats it: at most 64 characters, never a list or an object, never a key. */
export function shownValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, SHOWN_CHARS_MAX * 4)) : String(value);
  const safe = text.replace(KEY, "wg_$1_…");
  return safe.length <= SHOWN_CHARS_MAX ? safe : `${safe.slice(0, SHOWN_CHARS_MAX - 1)}…`;
}
