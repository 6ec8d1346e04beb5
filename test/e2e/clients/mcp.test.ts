import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../../support/started-gateway.ts";
import { Books } from "../books.ts";
import { ClientMachine } from "./client-process.ts";
import { McpSession } from "./mcp-session.ts";

/** WaveSpeed's own MCP server, over stdio as hosts run it. */
const SERVER = join(import.meta.dirname, "../../../node_modules/@wavespeed/mcp/dist/index.js");

const MODEL = "kwaivgi/kling-v2.1-i2v-standard";
const VIDEO = { image: "https://example.com/first-frame.jpg", prompt: "a chase at night" };

let gateway: StartedGateway;
let books: Books;
let machine: ClientMachine;
let session: McpSession;
const called = new Set<string>();

beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
  const { info } = gateway;
  books = new Books(info);
  // With the slash that people put there: this server joins it to paths that begin with one.
  machine = new ClientMachine({ WAVESPEED_BASE_URL: `${info.gateway}/`, WAVESPEED_API_KEY: info.tenantKey });
  session = await McpSession.open(machine.spawn(SERVER, []));
});
afterAll(() => gateway?.kill9());

function call(tool: string, given: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  called.add(tool);
  return session.call(tool, given);
}

async function expectFile(url: unknown, text?: string): Promise<void> {
  const response = await fetch(String(url));
  expect(response.status).toBe(200);
  const body = await response.text();
  if (text !== undefined) expect(body).toBe(text);
}

describe("each tool of WaveSpeed's MCP server, with only its base URL and key changed", () => {
  test("list_models finds the tenant's models, by text and by type", async () => {
    const all = await call("list_models", { refresh: true });
    expect(all["total_matches"]).toBeGreaterThanOrEqual(6);
    const found = await call("list_models", { query: "v2.1-i2v-standard", type: "image-to-video" });
    expect(found).toMatchObject({ total_matches: 1, models: [{ model_id: MODEL, base_price: 0.25 }] });
  });

  test("get_model_schema tells its inputs", async () => {
    const schema = await call("get_model_schema", { model: MODEL });
    expect(schema).toMatchObject({ model_id: MODEL });
    expect(new Set(schema["required"] as string[])).toEqual(new Set(["image", "prompt"]));
    expect(schema["properties"]).toMatchObject({ duration: { default: expect.anything() } });
    await expect(call("get_model_schema", { model: "nobody/nothing" })).rejects.toThrow("Unknown model");
  });

  test("get_price quotes what a run is then charged", async () => {
    const quoted = await call("get_price", { model: MODEL, input: { ...VIDEO, duration: 10 } });
    expect(quoted).toMatchObject({ price: 0.5, currency: "USD", unpriced_inputs: [], at_base_price: false });
  });

  test("get_balance is what the tenant may still spend", async () => {
    expect((await call("get_balance"))["balance"]).toBe(Number((await books.budget())?.remaining));
  });

  test("upload_file puts a local file where models can read it, once for the same bytes", async () => {
    const path = join(machine.home, "frame.png");
    writeFileSync(path, "not looked at");
    const first = await call("upload_file", { path });
    await expectFile(first["url"], "not looked at");
    expect(await call("upload_file", { path })).toEqual({ url: first["url"], cached: true });
  });

  test("run_model runs to the end, a local file included, and is charged", async () => {
    writeFileSync(join(machine.home, "other.png"), "another");
    const ran = await call("run_model", { model: MODEL, input: { ...VIDEO, image: "@./other.png" } });
    expect(ran).toMatchObject({ model: MODEL, status: "completed", uploaded_files: 1 });
    await expectFile((ran["outputs"] as string[])[0]);
    const image = await call("run_model", { model: "wavespeed-ai/z-image/turbo", input: { prompt: "a cat" } });
    expect(image).toMatchObject({ status: "completed", outputs: [expect.stringMatching(/^http/)] });
    expect((await books.expectAgreement()).captured).toBe("0.255000");
  });

  test("get_prediction recovers a run that nobody waited for", async () => {
    const submitted = await call("run_model", { model: MODEL, input: VIDEO, wait_seconds: 0 });
    expect(submitted).toMatchObject({ model: MODEL, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    const read = (): Promise<unknown> => call("get_prediction", { id: submitted["id"] });
    await expect.poll(read, { timeout: 10_000, interval: 100 }).toMatchObject({ status: "completed", model: MODEL });
  });

  test("a refusal reaches the user in the gateway's words", async () => {
    const refused = call("run_model", { model: MODEL, input: { ...VIDEO, duration: 7 } });
    await expect(refused).rejects.toThrow('"duration" must be 5 or 10');
    await expect(call("get_prediction", { id: "0".repeat(32) })).rejects.toThrow("Prediction not found");
    const failing = call("run_model", { model: MODEL, input: { ...VIDEO, prompt: "[[sim: fail=1405]]" } });
    await expect(failing).rejects.toThrow("Prediction failed");
  });

  test("and there is no other tool, and no other host was asked", async () => {
    expect([...called].sort()).toEqual((await session.tools()).map(({ name }) => name).sort());
    expect(machine.strangers()).toEqual([]);
    expect((await books.expectAgreement()).captured).toBe("0.505000");
  });
});
