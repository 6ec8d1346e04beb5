import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook as a tenant's server got it. */
export interface Delivered {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface HttpReceiver {
  url: string;
  got: Delivered[];
  /** The status that it answers with from now on. */
  answer: (status: number, headers?: Record<string, string>) => void;
  close: () => Promise<void>;
}

/** A tenant's server on loopback. */
export async function startReceiver(): Promise<HttpReceiver> {
  const got: Delivered[] = [];
  let answer: [number, Record<string, string>] = [200, {}];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = request.headers as Record<string, string>;
      got.push({ path: request.url ?? "", headers, body: Buffer.concat(chunks).toString("utf8") });
      response.writeHead(...answer).end("seen");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    answer: (status, headers = {}) => (answer = [status, headers]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
