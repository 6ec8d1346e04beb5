import type { MiddlewareHandler } from "hono";

/** Of a body that nobody wants, so much is read all the same; beyond that the connection may break. */
export const DRAINED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Reads what is left of a refused request's body before it is answered. A client that is still sending when the
 * answer comes and the connection ends sees a broken connection and no answer (seen: a quarter of all 413 in Node),
 * and older ones then send all of it again.
 */
export const drainRefused: MiddlewareHandler = async (c, next) => {
  await next();
  const { body, bodyUsed } = c.req.raw;
  if (c.res.status >= 400 && body && !bodyUsed && !body.locked) await drain(body);
};

async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > DRAINED_BYTES_MAX) return;
    }
  } catch {
    // Whoever was sending has gone away.
  }
}
