/** The longest answer of WaveSpeed that is read: a page of the list with inputs in it. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** One that says that it is no longer than this is read in one piece: nearly all are. */
const SHORT_BYTES_MAX = 64 * 1024;

/** An answer that was not read to its end. */
export class TooLong extends Error {}

/** A response's body as text. Throws `TooLong` if it is longer than any answer of WaveSpeed should be. */
export async function boundedText(response: Response, bytesMax: number = ANSWER_BYTES_MAX): Promise<string> {
  // First, since asking for `body` makes a stream of it.
  if (isShort(response.headers, Math.min(bytesMax, SHORT_BYTES_MAX))) return response.text();
  if (!response.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new TooLong(`the answer is longer than ${bytesMax} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A compressed body is longer than it says, and one in chunks may be. */
function isShort(headers: Headers, bytesMax: number): boolean {
  const length = headers.get("content-length");
  return (
    length !== null &&
    Number(length) <= bytesMax &&
    !headers.has("content-encoding") &&
    !headers.has("transfer-encoding")
  );
}
