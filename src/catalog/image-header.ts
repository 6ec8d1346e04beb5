import { imageSize } from "image-size";
import type { DataUri } from "./data-uri.ts";

/** Format and sides, in pixels, as the image's own first bytes state them. */
export interface ImageHeader {
  format: "jpg" | "png";
  width: number;
  height: number;
}

/**
 * Bytes that are read for the header: nearly always the first step is enough; a JPEG with large
 * profiles or previews before its frame header needs the second, and none is read beyond it.
 */
const PREFIX_BYTES = [64 * 1024, 1024 * 1024] as const;

/** null: neither JPEG nor PNG, or no size in its first mebibyte. */
export function imageHeader(data: Pick<DataUri, "byteLength" | "prefix">): ImageHeader | null {
  for (const bytesMax of PREFIX_BYTES) {
    const bytes = data.prefix(bytesMax);
    const format = formatOf(bytes);
    if (format === null) return null;
    const size = readSize(bytes);
    if (size !== null) return { format, ...size };
    if (data.byteLength <= bytesMax) return null;
  }
  return null;
}

/** By the first bytes and before image-size sees them, since that would try twenty formats. */
function formatOf(bytes: Uint8Array): ImageHeader["format"] | null {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return "jpg";
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  return null;
}

const begins = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, at) => bytes[at] === byte);

/** null: damaged, or cut off. image-size throws for both, and reads NaN past the end of a PNG. */
function readSize(bytes: Uint8Array): { width: number; height: number } | null {
  try {
    const { width, height } = imageSize(bytes);
    return Number.isInteger(width) && Number.isInteger(height) ? { width, height } : null;
  } catch {
    return null;
  }
}
