/**
 * Reads a body until it ends, `take` wants no more of it, or so much time is over; what is left is cancelled. Throws
 * what the body throws.
 */
export async function readChunks(
  body: ReadableStream<Uint8Array>,
  msMax: number,
  take: (chunk: Uint8Array) => boolean,
): Promise<"ended" | "enough" | "too_slow"> {
  const reader = body.getReader();
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), msMax);
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), over]);
      if (read === null) return "too_slow";
      if (read.done) return "ended";
      if (!take(read.value)) return "enough";
    }
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => undefined);
  }
}
