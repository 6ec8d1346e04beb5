import { showValue } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { DRAINED_BYTES_MAX } from "./drain-refused.ts";
import { invalid } from "./reply.ts";

/** The platform passes at most 32 MiB to an object; the rest of the message needs room too. */
export const BODY_BYTES_MAX = 28 * 1024 * 1024;

const tooLarge = (bytesMax: number): Refusal => ({
  code: "body_too_large",
  message: `this request's body may have ${bytesMax} bytes at most; give large images by URL`,
});

const NOT_UTF8 = invalid([{ field: "body", rule: "must be UTF-8", value: "other bytes" }]);

/** The body as a JSON object. Keeps no more than the limit in memory, whatever `content-length` says. */
export async function readJsonObject(
  request: Request,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<Result<Record<string, unknown>, Refusal>> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) return err(tooLarge(bytesMax));
  const bytes = await readBytes(request, bytesMax);
  if (bytes === null) return err(tooLarge(bytesMax));
  const text = decode(bytes);
  if (text === null) return err(NOT_UTF8);
  const parsed = parseObject(text);
  const type = request.headers.get("content-type");
  // JSON is taken under any name, as WaveSpeed has it; what is none is told what it was called.
  if (parsed.ok || type === null || /[/+]json\b/i.test(type)) return parsed;
  const wrongType = { field: "content-type", rule: "must be application/json", value: showValue(type) };
  return err(invalid([...(parsed.error.issues ?? []), wrongType]));
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
  const bytes = await readBytes(request, bytesMax);
  return bytes && bytes.toString("utf8");
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Null: not UTF-8. A prompt with letters replaced would be paid for and be another. A byte order mark is dropped. */
function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The body, or null if it is longer than that: then it was read to its end and dropped, up to a bound. */
export async function readBytes(request: Request, bytesMax: number): Promise<Buffer | null> {
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax + DRAINED_BYTES_MAX) return null;
    if (bytes <= bytesMax) chunks.push(chunk);
    // It is read to its end all the same, as `drainRefused` says why.
    else chunks.length = 0;
  }
  return bytes > bytesMax ? null : Buffer.concat(chunks);
}
