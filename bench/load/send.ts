import { Agent, request, type IncomingMessage } from "node:http";
import type { Call, Reply } from "./order.ts";

export interface Wire {
  agent: Agent;
  timeoutMs: number;
  keepBodies: boolean;
}

/** Connections that stay open between calls, one in use for each call under way. */
export const openWire = (connections: number, order: Pick<Wire, "timeoutMs" | "keepBodies">): Wire => ({
  agent: new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections }),
  timeoutMs: order.timeoutMs,
  keepBodies: order.keepBodies,
});

/** Sends one call and waits for the end of its answer. Does not throw. */
export function send(wire: Wire, { method, url, headers, body }: Call): Promise<Reply> {
  const due = performance.now();
  let connected: number | null = null;
  return new Promise((resolve) => {
    const end = (status: number, retryAfter: string | null, text: string): void => {
      clearTimeout(timer);
      const now = performance.now();
      const sent = connected !== null;
      resolve({ status, sent, latencyMs: now - due, serviceMs: now - (connected ?? now), retryAfter, text });
    };
    const asked = request(url, { method, agent: wire.agent, headers: withLength(headers, body) }, (response) => {
      const status = response.statusCode ?? 0;
      const retryAfter = response.headers["retry-after"] ?? null;
      response.once("error", (error) => end(0, null, error.message));
      if (wire.keepBodies || status !== 200) readText(response, (text) => end(status, retryAfter, text));
      else response.once("end", () => end(status, retryAfter, "")).resume();
    });
    const giveUp = (): void => void asked.destroy(new Error(`no answer in ${wire.timeoutMs} ms`));
    let timer = setTimeout(giveUp, wire.timeoutMs);
    asked.once("socket", () => {
      connected = performance.now();
      // Who waited long for a connection has the whole time for its answer all the same.
      clearTimeout(timer);
      timer = setTimeout(giveUp, wire.timeoutMs);
    });
    asked.once("error", (error) => end(0, null, error.message));
    asked.end(body);
  });
}

function readText(response: IncomingMessage, done: (text: string) => void): void {
  let text = "";
  response
    .setEncoding("utf8")
    .on("data", (chunk: string) => (text += chunk))
    .once("end", () => done(text));
}

/** With its length a body goes out in one piece with the head. */
const withLength = (headers: Call["headers"], body: string | undefined): Record<string, string | number> =>
  body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) };
