import { expect, test } from "vitest";
import { exports } from "cloudflare:workers";
import { readBytes } from "../../../src/gateway/read-body.ts";
import { envelope, newTenant, T2V } from "./api.ts";

const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

const post = (key: string, body: Uint8Array): Promise<Response> =>
  worker.default.fetch(
    new Request(`http://gateway.test/api/v3/${T2V}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: new Blob([Uint8Array.from(body)]),
    }),
  );

const BODY = '{"prompt": "[[sim: delay=1h]]"}';

test("a byte order mark before the body is no part of it", async () => {
  const { key } = await newTenant();
  const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(BODY)]);
  expect((await post(key, marked)).status).toBe(200);
});

test("bytes that are not UTF-8 are refused: a prompt with letters replaced is another prompt", async () => {
  const { key, ledger } = await newTenant();
  const broken = new TextEncoder().encode(BODY.replace("sim", "s?m"));
  broken[broken.indexOf(0x3f)] = 0xff;
  const response = await post(key, broken);
  expect(response.status).toBe(400);
  expect((await envelope(response)).message).toContain("must be UTF-8");
  expect(await ledger.entries(0, 1)).toMatchObject({ headSeq: 0 });
});

test("a body that trickles is not waited for, and what came of it is let go", async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await scheduler.wait(20);
      controller.enqueue(new Uint8Array(1));
    },
    cancel: () => void (isCancelled = true),
  });
  const request = new Request("http://gateway.test/", { method: "POST", body });
  const read = await readBytes(request, 1_000, 300);
  expect(read).toMatchObject({ ok: false, error: { code: "invalid_request" } });
  expect(read.ok || read.error.message).toContain("must arrive within 0.3 seconds");
  await expect.poll(() => isCancelled).toBe(true);
});
