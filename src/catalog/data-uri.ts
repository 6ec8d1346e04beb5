/** A base64 data URI, looked at in place: the payload is never decoded as a whole. */
export interface DataUri {
  /** Lower case, e.g. "image/png". */
  mediaType: string;
  /** Size of the decoded bytes, computed from the length of the text. */
  byteLength: number;
  /** Whether every character of the payload is of the base64 alphabet, and padded: a full scan. */
  isBase64: () => boolean;
  /** The first `bytesMax` decoded bytes, or all there are; only after isBase64() was true. */
  prefix: (bytesMax: number) => Uint8Array;
}

const HEAD = /^data:([a-z]+\/[a-z0-9.+-]+);base64,/i;
const HEAD_LENGTH_MAX = 100;

/** Reads "data:<type>/<subtype>;base64,<payload>". null: any other form, e.g. percent-encoded. */
export function readDataUri(text: string): DataUri | null {
  const head = HEAD.exec(text.slice(0, HEAD_LENGTH_MAX));
  if (head === null) return null;
  const [{ length: start }, mediaType = ""] = head;
  const length = text.length - start;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return {
    mediaType: mediaType.toLowerCase(),
    byteLength: Math.floor((length * 3) / 4) - padding,
    // Searching for one wrong character needs no backtracking, and slices of a string share its text.
    isBase64: () => length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.slice(start, text.length - padding)),
    prefix: (bytesMax) => decode(text.slice(start, start + Math.ceil(bytesMax / 3) * 4)),
  };
}

function decode(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
