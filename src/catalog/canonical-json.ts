/** Nesting beyond which a value is refused, so that a crafted body cannot exhaust the stack. */
const DEPTH_MAX = 64;

/**
 * JSON text with object keys in code unit order and no spaces: equal values give equal text, which
 * is what request hashes are taken of. Members that are undefined are left out, as JSON does.
 *
 * Throws TypeError on what JSON would silently change: NaN and infinities (they would become
 * null), bigint, functions, symbols, undefined in an array; and on nesting deeper than 64.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > DEPTH_MAX) throw new TypeError(`nested deeper than ${DEPTH_MAX} levels`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return writeNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (typeof value === "object") return writeObject(value, depth);
  throw new TypeError(`JSON has no ${typeof value}`);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
  // -0 and 0 are equal, and JSON.stringify writes both as 0.
  return JSON.stringify(value);
}

function writeObject(value: object, depth: number): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member, depth + 1)}`);
  return `{${members.join(",")}}`;
}
