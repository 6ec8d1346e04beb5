import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ClientMachine } from "./client-process.ts";

test("a client on such a machine reaches this machine and no other, by name or by number", async () => {
  const server = createServer((_request, response) => response.end("here")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const machine = new ClientMachine({});
  const script = join(machine.home, "client.mjs");
  writeFileSync(
    script,
    `const read = (url) => fetch(url, { signal: AbortSignal.timeout(5_000) }).then((r) => r.text(), () => "refused");
     const urls = ["http://localhost:${port}", "http://192.0.2.1", "https://api.wavespeed.ai/api/v3/models"];
     console.log(JSON.stringify(await Promise.all(urls.map(read))));`,
  );
  const { stdout, stderr } = await machine.run(script);
  server.close();
  expect(JSON.parse(stdout), stderr).toEqual(["here", "refused", "refused"]);
  expect(machine.strangers().sort()).toEqual(["192.0.2.1", "api.wavespeed.ai"]);
});
