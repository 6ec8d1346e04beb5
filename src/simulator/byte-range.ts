/** First and last byte, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * One range of a Range header (RFC 9110, 14.1.2). Null: serve everything, which is also right for
 * several ranges and for units that are not bytes.
 */
export function byteRange(header: string | undefined, length: number): ByteRange | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return null;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return null;
  const last = length - 1;
  if (from === "") return Number(to) === 0 ? "unsatisfiable" : { first: Math.max(0, length - Number(to)), last };
  const first = Number(from);
  const end = to === "" ? last : Math.min(last, Number(to));
  if (to !== "" && Number(to) < first) return null;
  return first > last ? "unsatisfiable" : { first, last: end };
}
