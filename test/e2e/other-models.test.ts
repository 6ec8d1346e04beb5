import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageSize } from "image-size";
import { Client } from "wavespeed";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";

const QUICK = { pollInterval: 0.1 };
const Z_IMAGE = "wavespeed-ai/z-image/turbo";
const RESTYLE = "simulated/restyle";
const VIDEO = "simulated/video-by-second";

let gateway: StartedGateway;

beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
});
afterAll(() => gateway?.kill9());

const call = (key: string, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${gateway.info.gateway}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const manage = (method: string, path: string, body?: unknown) => call(gateway.info.operatorKey, method, path, body);

/** As an operator does it. Here is one isolate, so it is known at once; elsewhere a copy of the settings lives 30 s. */
const enable = (model: string) => manage("PUT", "/v1/models", { model, enabled: true });

interface Refused {
  message: string;
  error: { code: string; issues: { field: string; rule: string; value: string }[] };
}

async function expectImage(url: unknown): Promise<void> {
  const response = await fetch(String(url));
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(imageSize(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ width: 64, height: 64 });
}

describe("a model that is only in WaveSpeed's list", () => {
  test("z-image/turbo is enabled on the first start: the official client runs it, live and in the sandbox", async () => {
    const { books, key } = await Books.open(gateway.info, "1.00");
    const sandboxKey = await books.issueKey("test");
    for (const apiKey of [key, sandboxKey]) {
      const client = new Client(apiKey, { baseUrl: gateway.info.gateway });
      const { outputs } = await client.run(Z_IMAGE, { prompt: "a cat" }, QUICK);
      await expectImage(outputs[0]);
      const inSync = await client.run(Z_IMAGE, { prompt: "a cat in sync" }, { enableSyncMode: true });
      await expectImage((inSync["outputs"] as unknown[])[0]);
    }
    await expect
      .poll(() => books.budget(), { timeout: 10_000 })
      .toMatchObject({ captured: "0.010000", held: "0.000000" });
    await expect.poll(() => books.budget("test"), { timeout: 10_000 }).toMatchObject({ captured: "0.010000" });
    await expect.poll(() => books.usage(), { timeout: 10_000 }).toMatchObject({ jobs: 2, cost: "0.010000" });
  });

  test("is refused until an operator enables it; then validated by its schema, held at its price, captured, in usage", async () => {
    const { books, key } = await Books.open(gateway.info, "1.00");
    const images = ["https://example.com/a.png"];
    const submit = (body: object) => call(key, "POST", `/api/v3/${RESTYLE}`, body);
    const before = (await (await submit({ prompt: "a", images })).json()) as Refused;
    expect(before.error.code).toBe("unknown_model");

    const enabled = await enable(RESTYLE);
    expect(enabled.status, await enabled.text()).toBe(200);

    const wrong = await submit({ images: [], colour: "red", loras: [{ path: "x", scale: 9 }] });
    expect(wrong.status).toBe(400);
    const { error } = (await wrong.json()) as Refused;
    const told = error.issues.map(({ field, rule, value }) => `${field} ${rule}, was ${value}`);
    expect(told.sort()).toEqual([
      `colour is not a field of ${RESTYLE}, which takes images, loras, prompt, was "red"`,
      "images must have at least 1 entries, was a list of 0",
      "loras.0.scale must be at most 4, was 9",
      "prompt is required: must be a string, was missing",
    ]);
    expect(await books.budget()).toMatchObject({ held: "0.000000", captured: "0.000000" });

    const held = await submit({ prompt: "[[sim: delay=2s]] a", images, loras: [{ path: "x" }] });
    expect(held.status).toBe(200);
    expect(held.headers.get("x-wavegate-job-cost")).toBe("0.030000");
    expect(await books.budget()).toMatchObject({ held: "0.030000", captured: "0.000000" });
    const sent = (await books.tasks()).find(({ input }) => input["prompt"] === "[[sim: delay=2s]] a");
    expect(sent?.input["loras"]).toEqual([{ path: "x", scale: 1 }]);

    await expect
      .poll(() => books.budget(), { timeout: 15_000 })
      .toMatchObject({ held: "0.000000", captured: "0.030000" });
    await expect
      .poll(() => books.usage(), { timeout: 15_000 })
      .toMatchObject({ jobs: 1, cost: "0.030000", price: "0.030000" });
    expect(await books.manage("GET", "/usage")).toMatchObject({ total: { seconds: 0 } });
    expect(await books.audit()).toMatchObject({ consistent: true, differences: [] });
    const [job] = await books.jobs();
    expect(job).toMatchObject({ model: RESTYLE, outcome: "completed", price: "0.030000" });
  });

  test("is priced by its seconds where its formula says so", async () => {
    expect((await enable(VIDEO)).status).toBe(200);
    const { books, key } = await Books.open(gateway.info, "0.60");
    const client = new Client(key, { baseUrl: gateway.info.gateway });
    const { outputs } = await client.run(VIDEO, { prompt: "a", duration: 12 }, QUICK);
    expect((await fetch(String(outputs[0]))).headers.get("content-type")).toBe("video/mp4");
    await expect
      .poll(() => books.budget(), { timeout: 10_000 })
      .toMatchObject({ captured: "0.600000", remaining: "0.000000" });
    expect((await call(key, "POST", `/api/v3/${VIDEO}`, { prompt: "a" })).status).toBe(402);
    await expect
      .poll(() => books.manage("GET", "/usage"), { timeout: 10_000 })
      .toMatchObject({ total: { seconds: 12 } });
  });

  test("cannot be enabled where its price is not fixed, and then stays refused", async () => {
    const refused = await enable("simulated/images-by-count");
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      code: "model_unpriced",
      detail: expect.stringContaining("num_images") as string,
    });
    const answer = await call(gateway.info.tenantKey, "POST", "/api/v3/simulated/images-by-count", { prompt: "a" });
    expect(((await answer.json()) as Refused).error.code).toBe("unknown_model");
  });

  test("with conditions, alternatives and a hostile pattern is checked within the time of a request, without eval", async () => {
    expect((await enable("simulated/conditions")).status).toBe(200);
    const { key } = await Books.open(gateway.info, "1.00");
    const submit = async (body: object): Promise<Refused> =>
      (await call(key, "POST", "/api/v3/simulated/conditions", body)).json() as Promise<Refused>;
    expect((await submit({})).message).toBe('"body" must have one of prompt, image, was an object');
    expect((await submit({ prompt: "a", mode: "image" })).message).toBe(
      '"image" is required: must be a string, was missing',
    );
    const begun = performance.now();
    const taken = await submit({ prompt: `${"a".repeat(50_000)}!`, layout: { rows: [[1, 2], [3]] } });
    expect(taken).toMatchObject({ code: 200 });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test("is listed, quoted and described as the others are, once it is enabled", async () => {
    const { tenantKey } = gateway.info;
    const { data } = (await (await call(tenantKey, "GET", "/api/v3/models")).json()) as {
      data: Record<string, unknown>[];
    };
    const listed = data.find((model) => model["model_id"] === Z_IMAGE);
    expect(listed).toMatchObject({ base_price: 0.005, formula: "", type: "text-to-image" });
    expect(JSON.stringify(listed)).not.toContain("enable_sync_mode");
    const price = async (model: string, inputs: object) =>
      (
        (await (await call(tenantKey, "POST", "/api/v3/model/price", { model_id: model, inputs })).json()) as {
          data: { price: number };
        }
      ).data.price;
    expect(await price(Z_IMAGE, {})).toBe(0.005);
    expect(await price(VIDEO, { duration: 8 })).toBe(0.4);
    const quote = await call(tenantKey, "POST", "/v1/quotes", { model: Z_IMAGE, input: { prompt: "a" } });
    expect(await quote.json()).toMatchObject({ price: "0.005000", unit: "run" });
    const api = (await (await fetch(`${gateway.info.gateway}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(api.paths)).toContain(`/api/v3/${Z_IMAGE}`);
  });

  test("that an operator switches off is refused as switched off", async () => {
    expect((await manage("PUT", "/v1/models", { model: VIDEO, enabled: false })).status).toBe(200);
    const answer = await call(gateway.info.tenantKey, "POST", `/api/v3/${VIDEO}`, { prompt: "a" });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as Refused).error.code).toBe("model_not_allowed");
  });
});
