import { imageSize } from "image-size";
import { describe, expect, it } from "vitest";
import { listModels } from "../../../src/catalog/index.ts";
import { otherModels } from "../../../src/simulator/other-models.ts";
import { sampleVideo } from "../../../src/simulator/mp4/sample-video.ts";
import { type Envelope, fetchSimulator, newAccount, ORIGIN, T2V } from "./account-client.ts";

describe("outputs", () => {
  it("serve the video of the asked duration and aspect, without a key", async () => {
    const path = await outputPath("x", { duration: 10, aspect_ratio: "9:16" });
    const response = await fetchSimulator(path);
    const expected = sampleVideo(10, "9:16");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "video/mp4",
      "content-length": String(expected.length),
      "accept-ranges": "bytes",
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(expected);
  });

  it.each([
    ["bytes=0-99", 206, 0, 100],
    ["bytes=100-", 206, 100, undefined],
    ["bytes=-50", 206, -50, undefined],
    ["bytes=999999-", 416, 0, 0],
    ["bytes=5-2", 200, 0, undefined],
    ["lines=1-2", 200, 0, undefined],
  ])("answer %s with %i", async (range, status, from, to) => {
    const path = await outputPath("x");
    const response = await fetchSimulator(path, { headers: { range } });
    expect(response.status).toBe(status);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(sampleVideo(5, "16:9").slice(from, to));
    const size = sampleVideo(5, "16:9").length;
    if (range === "bytes=0-99") expect(response.headers.get("content-range")).toBe(`bytes 0-99/${size}`);
    if (status === 416) expect(response.headers.get("content-range")).toBe(`bytes */${size}`);
  });

  it.each([
    ["expired", 404],
    ["expired=403", 403],
  ])("[[sim: %s]] are gone from the start", async (directive, status) => {
    expect((await fetchSimulator(await outputPath(directive))).status).toBe(status);
  });

  it("are not there before the task completes", async () => {
    const account = newAccount();
    const id = await account.create("[[sim: delay=1h]]");
    await account.data("POST", "/control/clock", { advance: "59m" });
    expect((await fetchSimulator(`/media/${"0".repeat(32)}/${id}.mp4`)).status).toBe(404);
    await account.data("POST", "/control/clock", { advance: "1m" });
    const [output] = (await account.result(id))["outputs"] as string[];
    expect((await fetchSimulator(String(output).slice(ORIGIN.length))).status).toBe(200);
    expect((await fetchSimulator(String(output).slice(ORIGIN.length), { method: "HEAD" })).status).toBe(200);
    await account.data("POST", "/control/clock", { advance: "7d" });
    expect((await fetchSimulator(String(output).slice(ORIGIN.length))).status).toBe(404);
  });
});

describe("uploads", () => {
  it("take a ticket's bytes once, without a key, and serve them", async () => {
    const account = newAccount();
    const bytes = crypto.getRandomValues(new Uint8Array(64 * 1024));
    // Several parts of storage.
    const file = new Uint8Array(2_500_000).map((_, index) => bytes[index % bytes.length] ?? 0);
    const order = { filename: "ä b.png", size: file.length, content_type: "image/png" };
    const ticket = await account.data("POST", "/api/v3/media/uploads", order);
    expect(ticket).toMatchObject({ type: "image", filename: "ä b.png", size: file.length });
    const upload = ticket["upload"] as {
      method: string;
      url: string;
      headers: Record<string, string>;
    };
    expect([upload.method, upload.headers]).toEqual(["PUT", { "Content-Type": "image/png", "If-None-Match": "*" }]);
    const path = upload.url.slice(ORIGIN.length);
    const download = String(ticket["download_url"]).slice(ORIGIN.length);
    expect(path).toMatch(/^\/media\/uploads\//);
    expect((await fetchSimulator(download)).status).toBe(404);
    const put = (body: Uint8Array, headers = upload.headers): Promise<Response> =>
      fetchSimulator(path, { method: "PUT", headers, body });
    expect((await put(file, { "content-type": "text/plain" })).status).toBe(403);
    expect((await put(file.slice(1))).status).toBe(400);
    expect((await put(file)).status).toBe(200);
    expect((await put(file)).status).toBe(412);
    const served = await fetchSimulator(download);
    expect([served.headers.get("content-type"), served.headers.get("content-length")]).toEqual([
      "image/png",
      "2500000",
    ]);
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(file);
  });

  it("refuse a late PUT and a file above 200 MiB", async () => {
    const account = newAccount();
    const ticket = await account.data("POST", "/api/v3/media/uploads", {
      filename: "a.bin",
      size: 1,
    });
    await account.data("POST", "/control/clock", { advance: "2h" });
    const upload = ticket["upload"] as { url: string; headers: Record<string, string> };
    const late = await fetchSimulator(upload.url.slice(ORIGIN.length), {
      method: "PUT",
      headers: upload.headers,
      body: "x",
    });
    expect(late.status).toBe(403);
    const big = await account.call("POST", "/api/v3/media/uploads", {
      filename: "a",
      size: 209_715_201,
    });
    expect([big.status, ((await big.json()) as Envelope).message]).toEqual([
      413,
      "size: must be at most 209715200 bytes, was 209715201",
    ]);
  });

  it("take the older multipart form, under v2 as well", async () => {
    const { key } = newAccount();
    const form = new FormData();
    form.set("file", new File(["hello"], "a.png", { type: "image/png" }));
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetchSimulator("/api/v2/media/upload/binary", {
      method: "POST",
      headers,
      body: form,
    });
    const { data }: Envelope = await response.json();
    expect(data).toMatchObject({ type: "image", filename: "a.png", size: 5 });
    expect(await (await fetchSimulator(String(data["download_url"]).slice(ORIGIN.length))).text()).toBe("hello");
  });
});

describe("models", () => {
  it("list every written model, and others, with price, formula and schema", async () => {
    const models = (await newAccount().data("GET", "/api/v3/models")) as unknown as Record<string, unknown>[];
    const ids = models.map((model) => model["model_id"]);
    expect(ids).toEqual([...listModels(), ...otherModels()].map((model) => model.id));
    expect(ids).toContain("wavespeed-ai/z-image/turbo");
    expect(models.find((model) => model["model_id"] === T2V)).toMatchObject({
      base_price: 1.3,
      type: "text-to-video",
      api_schema: {
        api_schemas: [{ server: ORIGIN, api_path: `/api/v3/${T2V}`, request_schema: { required: ["prompt"] } }],
      },
    });
  });
});

describe("an image model", () => {
  it("makes a PNG that can be decoded, at its own price, and refuses what its schema does not list", async () => {
    const account = newAccount();
    const path = "/api/v3/wavespeed-ai/z-image/turbo";
    const made = await account.data("POST", path, { prompt: "[[sim: delay=0s]]", enable_sync_mode: true });
    const url = String((made["outputs"] as unknown[])[0]);
    const image = await fetchSimulator(url.slice(ORIGIN.length));
    expect(image.headers.get("content-type")).toBe("image/png");
    expect(imageSize(new Uint8Array(await image.arrayBuffer()))).toMatchObject({ width: 64, height: 64, type: "png" });
    expect(await account.data("GET", "/control/bill")).toMatchObject({ net_micros: 5_000 });
    const refused = await account.call("POST", path, { prompt: "a", colour: "red" });
    expect(refused.status).toBe(400);
    expect((await fetchSimulator(url.slice(ORIGIN.length).replace(".png", ".mp4"))).status).toBe(404);
  });
});

async function outputPath(directive: string, more: Record<string, unknown> = {}): Promise<string> {
  const account = newAccount();
  const prompt = directive === "x" ? "[[sim: delay=0s]]" : `[[sim: delay=0s, ${directive}]]`;
  const [output] = (await account.result(await account.create(prompt, more)))["outputs"] as string[];
  return String(output).slice(ORIGIN.length);
}
