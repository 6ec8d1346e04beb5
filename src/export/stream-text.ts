/**
 * Texts as a stream of bytes, each asked for when the one before it was taken, so that a file of any length takes the room of one page.
 * What throws breaks the stream off: a client sees an incomplete chunked body, never a file that looks whole.
 */
export function streamText(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
