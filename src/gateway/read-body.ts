import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { invalid } from "./reply.ts";

/** The platform passes at most 32 MiB to an object; the rest of the message needs room too. */
export const BODY_BYTES_MAX = 28 * 1024 * 1024;

const TOO_LARGE: Refusal = {
  code: "body_too_large",
  message: `a request body may have ${BODY_BYTES_MAX} bytes at most; give large images by URL`,
};

/** The body as a JSON object. Reads no further than the limit, whatever `content-length` says. */
export async function readJsonObject(
  request: Request,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<Result<Record<string, unknown>, Refusal>> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return err(TOO_LARGE);
  const text = await readText(request, bytesMax);
  return text === null ? err(TOO_LARGE) : parseObject(text);
}

export function parseObject(text: string): Result<Record<string, unknown>, Refusal> {
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return err(invalid([{ field: "body", rule: "must be JSON", value: text.slice(0, 60) }]));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return err(invalid([{ field: "body", rule: "must be a JSON object", value: text.slice(0, 60) }]));
  }
  return ok(value as Record<string, unknown>);
}

/** The body's text, or null if it is longer than that. */
export async function readText(request: Request, bytesMax: number): Promise<string | null> {
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
