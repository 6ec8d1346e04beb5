import { afterEach, describe, expect, test, vi } from "vitest";
import { sampleVideo } from "../../../src/simulator/mp4/sample-video.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import { finish, rowOf, tasksOf } from "../jobs/world.ts";
import { call, envelope, newTenant, T2V } from "./api.ts";

const VIDEO = sampleVideo(5, "16:9");
const MIB = 1024 * 1024;

afterEach(() => vi.restoreAllMocks());

let made = 0;
const prompt = (script = "delay=0s"): string => `base64 ${Date.now()} ${++made} [[sim: ${script}]]`;

async function submit(key: string, text = prompt(), headers: Record<string, string> = {}): Promise<string> {
  const body = { prompt: text, enable_base64_output: true };
  const response = await call(key, "POST", `/api/v3/${T2V}`, body, headers);
  expect(response.status).toBe(200);
  return String((await envelope(response)).data["id"]);
}

const read = (key: string, id: string, headers: Record<string, string> = {}, query = ""): Promise<Response> =>
  call(key, "GET", `/api/v3/predictions/${id}/result${query}`, undefined, headers);

const to = (location: string): Response => new Response(null, { status: 302, headers: { location } });

/** Outputs are answered by this from now on, everything else as before. */
function serveOutputs(answer: (url: string) => Response): void {
  spyFetch(async (request, real) => (request.url.includes("/media/") ? answer(request.url) : real(request)));
}

describe("a job with enable_base64_output", () => {
  test("gives the output itself on a read; WaveSpeed is not told, and its address is all that is kept", async () => {
    const { key } = await newTenant();
    const text = prompt();
    const id = await submit(key, text);
    expect(await envelope(await read(key, id))).toMatchObject({ data: { outputs: [] } });
    await finish(id);
    const response = await read(key, id);
    expect(response.headers.get("content-type")).toBe("application/json");
    const { code, data } = await envelope(response);
    expect(code).toBe(200);
    const [output, ...more] = data["outputs"] as string[];
    expect(more).toEqual([]);
    expect(new Uint8Array(Buffer.from(output ?? "", "base64"))).toEqual(VIDEO);
    expect(data).toMatchObject({ id, status: "completed", error: "", has_nsfw_contents: [false] });
    expect((await rowOf(id)).result?.outputs).toEqual([expect.stringMatching(/^http.*\.mp4$/)]);
    expect(await tasksOf(text)).toHaveLength(1);
  });

  test("shows an address on lists", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    await finish(id);
    const { data } = await envelope(await call(key, "POST", "/api/v3/predictions", {}));
    expect(data["items"]).toMatchObject([{ id, outputs: [expect.stringMatching(/^http.*\.mp4$/)] }]);
  });

  test("has an ETag that spares the outputs, and ?wait= as any other", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    const first = (await read(key, id)).headers.get("etag") ?? "";
    const [waited] = await Promise.all([read(key, id, { "if-none-match": first }, "?wait=20"), finish(id)]);
    const etag = waited.headers.get("etag") ?? "";
    expect((await envelope(waited)).data["status"]).toBe("completed");
    expect(etag).not.toBe(first);
    serveOutputs(() => new Response(null, { status: 500 }));
    expect((await read(key, id, { "if-none-match": etag })).status).toBe(304);
  });

  test("in sync mode answers its submit with the output", async () => {
    const sandbox = await newTenant(null, "test");
    const body = { prompt: prompt(), enable_base64_output: true, enable_sync_mode: true };
    const begun = call(sandbox.key, "POST", `/api/v3/${T2V}`, body);
    const id = await vi.waitUntil(async () => {
      const { data } = await envelope(await call(sandbox.key, "POST", "/api/v3/predictions", {}));
      return (data["items"] as { id: string }[])[0]?.id;
    });
    await finish(id);
    const { data } = await envelope(await begun);
    expect(data).toMatchObject({ id, status: "completed" });
    expect(new Uint8Array(Buffer.from((data["outputs"] as string[])[0] ?? "", "base64"))).toEqual(VIDEO);
  });

  test("in sync mode, with an output that cannot be had, is answered 200: a refusal would be submitted and paid again", async () => {
    const { key } = await newTenant();
    serveOutputs(() => new Response(null, { status: 500 }));
    const begun = call(key, "POST", `/api/v3/${T2V}`, {
      prompt: prompt(),
      enable_base64_output: true,
      enable_sync_mode: true,
    });
    const id = await vi.waitUntil(async () => {
      const { data } = await envelope(await call(key, "POST", "/api/v3/predictions", {}));
      return (data["items"] as { id: string }[])[0]?.id;
    });
    await finish(id);
    const response = await begun;
    expect(response.status).toBe(200);
    const { data } = await envelope(response);
    expect(data).toMatchObject({ id, status: "processing", code: 5004, outputs: [] });
    expect(data["error"]).toContain(`query its result at http://gateway.test/api/v3/predictions/${id}/result`);
  });

  test("is another body for an Idempotency-Key than one without", async () => {
    const { key } = await newTenant();
    const text = prompt("delay=1h");
    const headers = { "idempotency-key": "a" };
    const id = await submit(key, text, headers);
    expect(await submit(key, text, headers)).toBe(id);
    const without = await call(key, "POST", `/api/v3/${T2V}`, { prompt: text }, headers);
    expect(without.status).toBe(409);
  });
});

describe("an output that cannot be had", () => {
  test.each([
    ["is gone", () => new Response(null, { status: 404 })],
    ["is in trouble", () => new Response("later", { status: 500 })],
    [
      "is not reached",
      () => {
        throw new Error("connection refused");
      },
    ],
  ])("because it %s is 503 with retry-after, and the job stays completed and paid", async (_, answer) => {
    const { key, ledger } = await newTenant();
    const id = await submit(key);
    await finish(id);
    serveOutputs(answer);
    const response = await read(key, id);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(response.headers.get("etag")).toBeNull();
    expect(await envelope(response)).toMatchObject({ error: { code: "upstream_unavailable" } });
    vi.restoreAllMocks();
    expect((await read(key, id)).status).toBe(200);
    expect(await rowOf(id)).toMatchObject({ state: "completed" });
    expect(await ledger.budgets()).toMatchObject([{ capturedMicros: 1_300_000, heldMicros: 0 }]);
  });

  test("because it is too large is 413 with its address, which can be read", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    await finish(id);
    serveOutputs(() => new Response("x", { headers: { "content-length": String(24 * MIB + 1) } }));
    const response = await read(key, id);
    expect(response.status).toBe(413);
    const { message, error } = await envelope(response);
    expect(message).toContain("25165824 bytes");
    expect(error?.details).toEqual({ outputs: (await rowOf(id)).result?.outputs });
  });

  test("is looked for where its host sends on to, but never inside, by plain http or for ever", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    await finish(id);
    const called: string[] = [];
    let location = "https://cdn.example.com/media/x.mp4";
    serveOutputs((url) => {
      called.push(url);
      return url.endsWith("/x.mp4") ? new Response(VIDEO) : to(location);
    });
    const { data } = await envelope(await read(key, id));
    expect(new Uint8Array(Buffer.from((data["outputs"] as string[])[0] ?? "", "base64"))).toEqual(VIDEO);
    for (location of [
      "http://cdn.example.com/media/x.mp4",
      "https://127.0.0.1/media/x.mp4",
      "https://[::1]/media/x.mp4",
      "https://metadata.google.internal./media/x.mp4",
      "https://router/media/x.mp4",
    ]) {
      called.length = 0;
      expect((await read(key, id)).status).toBe(503);
      expect(called).toHaveLength(1);
    }
    location = "https://cdn.example.com/media/again";
    called.length = 0;
    expect((await read(key, id)).status).toBe(503);
    expect(called).toHaveLength(4);
  });

  test("that never ends and had no length breaks the answer off, and is not read on for ever", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    await finish(id);
    let given = 0;
    serveOutputs(() => {
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(MIB + ((given += 1) % 3))),
      });
      return new Response(endless);
    });
    const response = await read(key, id);
    expect(response.status).toBe(200);
    await expect(async () => await response.text()).rejects.toThrow();
    expect(given).toBeLessThan(30);
  });

  test("comes in chunks of any size, and is the same letters", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    await finish(id);
    const bytes = crypto.getRandomValues(new Uint8Array(10_000));
    serveOutputs(() => {
      let at = 0;
      return new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            const size = 1 + (at % 7);
            if (at >= bytes.length) return controller.close();
            controller.enqueue(bytes.slice(at, at + size));
            at += size;
          },
        }),
      );
    });
    const { data } = await envelope(await read(key, id));
    expect(data["outputs"]).toEqual([Buffer.from(bytes).toString("base64")]);
  });
});

test("with a webhook it is refused in WaveSpeed's words, whose error is a text here", async () => {
  const { key, ledger } = await newTenant();
  const path = `/api/v3/${T2V}?webhook=${encodeURIComponent("https://example.com/hook")}`;
  const response = await call(key, "POST", path, { prompt: "x", enable_base64_output: true });
  expect(response.status).toBe(400);
  const text = "webhook callback does not support base64 output, please use the normal API to use base64 output";
  expect(await response.json()).toEqual({ code: 400, message: text, error: text });
  expect(await ledger.entries(0, 1)).toMatchObject({ headSeq: 0 });
});
