import { failure } from "./envelope.ts";
import type { ReplyFault } from "./fault.ts";
import { isOverBinding } from "./public-base.ts";

const MESSAGES: Readonly<Record<number, string>> = {
  401: "Invalid API key",
  402: "Insufficient credits",
  403: "Account is not active",
  404: "Prediction not found",
  429: "You have reached your rate limit",
  503: "Service unavailable",
};

/** Long enough for a part of an answer to leave. */
const FLUSH_MS = 50;

/** The faulty answer in place of `good`, or `good` itself when nothing is wrong with it. */
export async function strike(
  fault: ReplyFault | null,
  request: Request,
  good: () => Promise<Response>,
): Promise<Response> {
  if (fault === null) return good();
  if (fault.drop !== undefined) return dropped(request);
  if (fault.http !== undefined) return refused(fault, fault.http);
  const response = await good();
  if (fault.cut !== undefined) return cutShort(await response.text());
  if (fault.malformed === true) return malformed(await response.text());
  return response;
}

/** An answer with neither status nor body: an exception over a binding, an empty broken stream over HTTP. */
export function dropped(request: Request): Response {
  if (isOverBinding(request)) throw new Error("simulated: the connection was dropped");
  return cutShort("");
}

function refused(fault: ReplyFault, status: number): Response {
  const headers: Record<string, string> = {};
  if (fault.retry_after !== undefined) headers["retry-after"] = String(fault.retry_after);
  const message = fault.message ?? MESSAGES[status] ?? `Simulated ${status}`;
  if (fault.bare !== true) return failure(status, message, fault.code ?? status, headers);
  const html = `<html><head><title>${status}</title></head><body>upstream edge</body></html>`;
  return new Response(html, { status, headers: { ...headers, "content-type": "text/html" } });
}

/** A 200 whose stream breaks halfway through the text. */
function cutShort(text: string): Response {
  const half = new TextEncoder().encode(text.slice(0, text.length / 2));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (half.length > 0) controller.enqueue(half);
    },
    async pull(controller) {
      // What was sent must be on its way, or a proxy answers with an error of its own.
      await scheduler.wait(FLUSH_MS);
      controller.error(new Error("simulated: the connection was cut"));
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

const malformed = (text: string): Response =>
  new Response(text.slice(0, -Math.ceil(text.length / 3)), {
    headers: { "content-type": "application/json" },
  });
