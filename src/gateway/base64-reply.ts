import { Buffer } from "node:buffer";
import type { Context } from "hono";
import { OUTPUT_BYTES_MAX, type NextOutput } from "./open-outputs.ts";
import type { Prediction } from "../jobs/prediction-view.ts";

/** Three bytes are four letters: what is left over waits for the next chunk. */
const GROUP = 3;

/**
 * A prediction with its outputs as bare base64, encoded as they come: an answer of 32 MB never is in memory as a
 * whole. If an output breaks off, so does the answer, and its client reads again.
 */
export function replyBase64(c: Context, prediction: Prediction, next: NextOutput): Response {
  const whole = JSON.stringify({ code: 200, message: "success", data: { ...prediction, outputs: [] } });
  // Quotes inside of texts are escaped, so this is the member itself.
  const at = whole.indexOf('"outputs":[]') + '"outputs":['.length;
  const parts = partsOf(whole.slice(0, at), next, whole.slice(at));
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await parts.return()),
  });
  c.header("content-type", "application/json");
  return c.body(stream);
}

async function* partsOf(before: string, next: NextOutput, after: string): AsyncGenerator<string, void, undefined> {
  yield before;
  let separator = "";
  for (let output = await next(); output; output = await next()) {
    if (output.kind === "value") yield separator + JSON.stringify(output.value);
    else {
      yield `${separator}"`;
      yield* encoded(output.body);
      yield '"';
    }
    separator = ",";
  }
  yield after;
}

/** Throws beyond the limit, also where no `content-length` had said so. */
async function* encoded(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let left: Uint8Array = new Uint8Array();
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > OUTPUT_BYTES_MAX) throw new Error("an output is too large to be given as base64");
    const joined = left.byteLength === 0 ? chunk : Buffer.concat([left, chunk]);
    const end = joined.byteLength - (joined.byteLength % GROUP);
    left = joined.slice(end);
    if (end > 0) yield base64(joined.subarray(0, end));
  }
  if (left.byteLength > 0) yield base64(left);
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
