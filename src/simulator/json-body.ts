import { type Result, err, ok } from "../errors/result.ts";
import { failure } from "./envelope.ts";

/** A 10 MB image as a data URI, twice over, and room for the rest. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;

const DRAINED_MS_MAX = 20_000;

const INVALID_PARAMETER = 1401;

/** Reads a JSON object; an empty body is an empty object. The error is the 400 or 413 to answer with. */
export async function jsonBody(request: Request): Promise<Result<Record<string, unknown>, Response>> {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > BODY_BYTES_MAX) {
    // Else whoever is still sending may see a broken connection and no answer. What never comes is not waited for.
    const signal = AbortSignal.timeout(DRAINED_MS_MAX);
    await request.body?.pipeTo(new WritableStream(), { signal }).catch(() => undefined);
    return err(failure(413, `body must be at most ${BODY_BYTES_MAX} bytes, was ${length}`));
  }
  const text = await request.text();
  if (text.trim() === "") return ok({});
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? ok(value) : err(failure(400, "body must be a JSON object", INVALID_PARAMETER));
  } catch {
    return err(failure(400, "body must be JSON", INVALID_PARAMETER));
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
