import { readDataUri } from "./data-uri.ts";
import { imageHeader } from "./image-header.ts";
import type { ImageRule } from "./types.ts";

/** Longest image URL, in characters; pre-signed ones reach about 2,000. */
export const URL_LENGTH_MAX = 8192;

const BYTES_PER_MB = 1024 * 1024;
const MEDIA_TYPES: Record<string, ImageRule["formats"][number]> = {
  "image/jpeg": "jpg",
  "image/jpg": "jpg",
  "image/png": "png",
};

/** What an image may be: "an http(s) URL ... or a base64 data URI ...". */
export function imageRuleText(rule: ImageRule): string {
  return `an http(s) URL of at most ${URL_LENGTH_MAX} characters, or a base64 data URI, of a ${formats(rule)} image`;
}

/**
 * Checks an image against its field's rule. null: it may be sent; otherwise the rule it breaks.
 * A URL is not fetched, so of it only the form is checked. Of a data URI the bytes are at hand:
 * format (by its first bytes; a wrong label among the allowed types is harmless), size, sides and,
 * where the page states one, aspect ratio.
 */
export function checkImage(rule: ImageRule, text: string): string | null {
  return /^data:/i.test(text) ? checkBytes(rule, text) : checkUrl(rule, text);
}

function checkUrl(rule: ImageRule, text: string): string | null {
  if (text.length > URL_LENGTH_MAX) return `must be ${imageRuleText(rule)}`;
  const isWeb = /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
  return isWeb ? null : `must be ${imageRuleText(rule)}; bare base64 needs "data:image/png;base64," before it`;
}

function checkBytes(rule: ImageRule, text: string): string | null {
  const data = readDataUri(text);
  const format = data === null ? undefined : MEDIA_TYPES[data.mediaType];
  if (data === null || format === undefined || !rule.formats.includes(format)) {
    return 'must be a base64 data URI that begins with "data:image/jpeg;base64," or "data:image/png;base64,", or an http(s) URL';
  }
  if (data.byteLength > rule.bytesMax) {
    return `must be an image of at most ${rule.bytesMax / BYTES_PER_MB} MB (is ${data.byteLength} bytes)`;
  }
  if (!data.isBase64()) return "must be an image in standard, padded base64, without spaces or line breaks";
  const header = imageHeader(data);
  if (header === null || !rule.formats.includes(header.format)) {
    return `must be a ${formats(rule)} image; its bytes are not one`;
  }
  return checkSides(rule, header.width, header.height);
}

function checkSides(rule: ImageRule, width: number, height: number): string | null {
  const min = rule.pixelsMinPerSide;
  if (width < min || height < min) {
    return `must be an image of at least ${min} x ${min} pixels (is ${width} x ${height})`;
  }
  const max = rule.aspectRatioMax;
  if (max !== undefined && Math.max(width, height) > max * Math.min(width, height)) {
    return `must be an image with an aspect ratio from 1:${max} to ${max}:1 (is ${width} x ${height})`;
  }
  return null;
}

function formats(rule: ImageRule): string {
  return rule.formats.map((format) => (format === "jpg" ? "JPEG" : "PNG")).join(" or ");
}
