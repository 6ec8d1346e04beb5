import { fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { freePort } from "../../support/free-port.ts";

/** Gives these ports one after another, then any. */
function inTurn(...ports: number[]): () => number {
  return () => ports.shift() ?? randomInt(10_000, 32_768);
}

test("many asked for at once differ, though none of them listens yet", async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, async () => await freePort()));
  expect(new Set(ports).size).toBe(200);
});

test("one that was given is not given again", async () => {
  const [first, second] = [await freePort(), await freePort()];
  const third = await freePort(inTurn(first, second));
  expect([first, second]).not.toContain(third);
});

test("one on which somebody listens is not given", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(await freePort(inTurn(port))).not.toBe(port);
  server.close();
});

test("one that another process was given is not given, until that process has ended", async () => {
  const other = fork("test/support/free-port-process.ts");
  const [port] = (await once(other, "message")) as [number];
  expect(await freePort(inTurn(port))).not.toBe(port);
  other.kill("SIGKILL");
  await once(other, "exit");
  expect(await freePort(inTurn(port))).toBe(port);
});

test("it gives up when nothing is free", async () => {
  const port = await freePort();
  await expect(freePort(() => port)).rejects.toThrow("no free port");
});
