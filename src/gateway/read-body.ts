import { showValue } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { DRAINED_BYTES_MAX } from "./drain-refused.ts";
import { readChunks } from "./read-chunks.ts";
import { invalid } from "./reply.ts";
import { atMost, OVER } from "../timing/at-most.ts";

/** The platform passes at most 32 MiB to an object; the rest of the message needs room too. */
export const BODY_BYTES_MAX = 28 * 1024 * 1024;

/** From its first byte to its last: 28 MiB at a megabit a second. Until then what came is in memory. */
const BODY_MS_MAX = 300_000;

const tooLarge = (bytesMax: number): Refusal => ({
  code: "body_too_large",
  message: `this request's body may have ${bytesMax} bytes at most; give large images by URL`,
});

/** A body that trickles. */
const tooSlow = (msMax: number): Refusal =>
  invalid([{ field: "body", rule: `must arrive within ${msMax / 1_000} seconds`, value: "something unfinished" }]);

const NOT_UTF8 = invalid([{ field: "body", rule: "must be UTF-8", value: "other bytes" }]);

/** The body as a JSON object. Keeps no more than the limit in memory, whatever `content-length` says. */
export async function readJsonObject(
  request: Request,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<Result<Record<string, unknown>, Refusal>> {
  const bytes = await readBytes(request, bytesMax);
  if (!bytes.ok) return bytes;
  if (hasTooMany(bytes.value)) return err(TOO_MANY);
  const text = decode(bytes.value);
  if (text === null) return err(NOT_UTF8);
  const parsed = parseObject(text);
  const type = request.headers.get("content-type");
  // JSON is taken under any name, as WaveSpeed has it; what is none is told what it was called.
  if (parsed.ok || type === null || /[/+]json\b/i.test(type)) return parsed;
  const wrongType = { field: "content-type", rule: "must be application/json", value: showValue(type) };
  return err(invalid([...(parsed.error.issues ?? []), wrongType]));
}

/** Each takes so many times its own length when it is parsed that 28 MiB of them are more than an isolate has. */
const VALUES_MAX = 200_000;

const TOO_MANY = invalid([{ field: "body", rule: `must hold at most ${VALUES_MAX} values`, value: "more" }]);

/** Before each value but the first is one of these signs; those in texts count too, which holds fewer of them. */
function hasTooMany(bytes: Buffer): boolean {
  if (bytes.length <= VALUES_MAX) return false;
  let signs = 0;
  for (const sign of [",", "[", "{"]) {
    for (let at = bytes.indexOf(sign); at >= 0; at = bytes.indexOf(sign, at + 1)) {
      signs += 1;
      if (signs > VALUES_MAX) return true;
    }
  }
  return false;
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
  return bytes.ok ? bytes.value.toString("utf8") : null;
}

/** A body that announces no more than this is read in one piece. */
const SHORT_BYTES_MAX = 64 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Null: not UTF-8. A prompt with letters replaced would be paid for and be another. A byte order mark is dropped. */
function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The server that gave us the request holds it to the length that it announced. */
async function readShort(request: Request, msMax: number): Promise<Result<Buffer, Refusal>> {
  const bytes = await atMost(request.arrayBuffer(), msMax);
  return bytes === OVER ? err(tooSlow(msMax)) : ok(Buffer.from(bytes));
}

/** The body. One that is longer than that was read to its end and dropped, up to a bound; `drainRefused` says why. */
export async function readBytes(
  request: Request,
  bytesMax: number,
  msMax = BODY_MS_MAX,
): Promise<Result<Buffer, Refusal>> {
  // What is only announced is drained by `drainRefused`.
  const announced = Number(request.headers.get("content-length") ?? Infinity);
  if (announced > bytesMax && announced < Infinity) return err(tooLarge(bytesMax));
  // First, since asking for `body` makes a stream of it.
  if (announced <= SHORT_BYTES_MAX && !request.headers.has("transfer-encoding")) return readShort(request, msMax);
  if (!request.body) return ok(Buffer.alloc(0));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const end = await readChunks(request.body as ReadableStream<Uint8Array>, msMax, (chunk) => {
    bytes += chunk.byteLength;
    if (bytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
    return bytes <= bytesMax + DRAINED_BYTES_MAX;
  });
  if (bytes > bytesMax) return err(tooLarge(bytesMax));
  return end === "too_slow" ? err(tooSlow(msMax)) : ok(Buffer.concat(chunks));
}
