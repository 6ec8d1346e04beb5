import type { MiddlewareHandler } from "hono";
import { readChunks } from "./read-chunks.ts";

/** Of a body that nobody wants, so much is read all the same; beyond that the connection may break. */
export const DRAINED_BYTES_MAX = 64 * 1024 * 1024;

/** And for so long: whoever sends without a key, a byte at a time, is not waited for. */
const DRAINED_MS_MAX = 20_000;

/**
 * Reads what is left of a refused request's body before it is answered. A client that is still sending when the
 * answer comes and the connection ends sees a broken connection and no answer (seen: a quarter of all 413 in Node),
 * and older ones then send all of it again.
 */
export const drainRefused: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.status < 400) return;
  const { body, bodyUsed } = c.req.raw;
  if (body && !bodyUsed && !body.locked) await drain(body, DRAINED_MS_MAX);
};

/** Does not throw, and waits no longer than `msMax`. */
export async function drain(body: ReadableStream<Uint8Array>, msMax: number): Promise<void> {
  let bytes = 0;
  try {
    await readChunks(body, msMax, (chunk) => (bytes += chunk.byteLength) <= DRAINED_BYTES_MAX);
  } catch {
    // Whoever was sending has gone away.
  }
}
