import { randomUUID } from "node:crypto";
import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  forgetSettings,
  loadSettings,
  writeEnabledModel,
  writeModelEnabled,
  type EnabledModel,
} from "../../../src/settings/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, newTenant, T2V } from "./api.ts";

const { CONTROL } = testEnv;
const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };
const Z_IMAGE = "wavespeed-ai/z-image/turbo";

/** What is frozen of a model when an operator enables it. */
async function enable(
  model: string,
  schema: object,
  unitMicros: number,
  unit: "run" | "second" = "run",
): Promise<void> {
  const rate = { model, version: 2, unit, unitMicros, effectiveFrom: Date.now() - 1, confirmed: false, source: "test" };
  await writeEnabledModel(CONTROL, frozen(model, schema), rate);
  forgetSettings(CONTROL);
}

const frozen = (model: string, schema: object): EnabledModel => ({
  model,
  inputSchema: JSON.stringify(schema),
  type: "text-to-image",
  description: "",
  schemaHash: "0".repeat(64),
  actor: "test",
  enabledAt: Date.now(),
});

const SCHEMA = {
  type: "object",
  required: ["prompt"],
  properties: { prompt: { type: "string" }, seed: { type: "integer", default: -1 } },
  additionalProperties: false,
};

beforeAll(() => enable(Z_IMAGE, SCHEMA, 5_000));

const submit = (key: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  call(key, "POST", `/api/v3/${Z_IMAGE}`, body, headers);

describe("a model out of WaveSpeed's list", () => {
  test("is held at its price a run, with 0 seconds, and its defaults are what is sent", async () => {
    const { key, ledger } = await newTenant();
    const response = await submit(key, { prompt: "[[sim: delay=1h]]" });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-wavegate-job-cost")).toBe("0.005000");
    const { entries } = await ledger.entries(0, 10);
    const holds = entries.flatMap(({ body }) => (body.kind === "hold" ? [body.job] : []));
    expect(holds).toMatchObject([
      { model: Z_IMAGE, seconds: 0, costMicros: 5_000, priceMicros: 5_000, rateVersion: 2 },
    ]);
  });

  test("is refused whole where the budget has less than its price", async () => {
    const { key, ledger } = await newTenant(4_999);
    expect((await submit(key, { prompt: "a" })).status).toBe(402);
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0 }]);
  });

  test("is refused before anything is held for input that its schema does not take", async () => {
    const { key, ledger } = await newTenant();
    const { error } = await envelope(await submit(key, { prompt: 5, seed: "x", colour: "red" }));
    expect(error?.issues).toMatchObject([
      { field: "prompt", rule: "must be a string", value: "5" },
      { field: "seed", rule: "must be a whole number", value: '"x"' },
      { field: "colour" },
    ]);
    expect((await ledger.entries(0, 10)).entries.filter(({ body }) => body.kind === "hold")).toEqual([]);
  });

  test("with an Idempotency-Key is one job for equal inputs, defaults written in or not, and 409 for others", async () => {
    const { key } = await newTenant();
    const headers = { "idempotency-key": randomUUID() };
    const first = await envelope(await submit(key, { prompt: "[[sim: delay=1h]]" }, headers));
    const again = await envelope(await submit(key, { seed: -1, prompt: "[[sim: delay=1h]]" }, headers));
    expect(again.data["id"]).toBe(first.data["id"]);
    expect((await submit(key, { prompt: "[[sim: delay=1h]]", seed: 1 }, headers)).status).toBe(409);
  });

  test("that is switched off is refused, and a replay of its job still answers with that job", async () => {
    const { key } = await newTenant();
    const model = "simulated/restyle";
    const images = { type: "array", items: { type: "string" } };
    await enable(model, { ...SCHEMA, properties: { prompt: { type: "string" }, images } }, 30_000);
    const body = { prompt: "[[sim: delay=1h]]", images: ["https://example.com/a.png"] };
    const send = (headers: Record<string, string> = {}) => call(key, "POST", `/api/v3/${model}`, body, headers);
    const headers = { "idempotency-key": randomUUID() };
    const first = await envelope(await send(headers));
    await writeModelEnabled(CONTROL, { model, enabled: false, updatedAt: Date.now() });
    forgetSettings(CONTROL);
    const off = await envelope(await send());
    expect([off.code, off.error?.code]).toEqual([403, "model_not_allowed"]);
    const replay = await envelope(await send(headers));
    expect([replay.code, replay.data["id"]]).toEqual([200, first.data["id"]]);
  });

  test("is not found where it was never enabled, nor where it is priced by seconds that nobody says", async () => {
    const { key } = await newTenant();
    const model = `acme/${randomUUID()}`;
    const refused = async () =>
      (await envelope(await call(key, "POST", `/api/v3/${model}`, { prompt: "a" }))).error?.code;
    expect(await refused()).toBe("unknown_model");
    await enable(model, SCHEMA, 1_000, "second");
    expect(await refused()).toBe("unknown_model");
  });

  test("that is enabled anew while a body is read takes that body by its new schema alone", async () => {
    const { key, ledger } = await newTenant();
    const model = `acme/${randomUUID()}`;
    await enable(model, SCHEMA, 1_000);
    // So that the submit has its first copy at once.
    await loadSettings(CONTROL, Date.now());
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await writeEnabledModel(
            CONTROL,
            frozen(model, { ...SCHEMA, properties: { prompt: { type: "integer" } } }),
            null,
          );
          forgetSettings(CONTROL);
          controller.enqueue(new TextEncoder().encode('{"prompt": "a"}'));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { authorization: `Bearer ${key}` };
    const request = new Request(`http://gateway.test/api/v3/${model}`, { method: "POST", headers, body });
    const { error } = await envelope(await worker.default.fetch(request));
    expect(error?.issues).toMatchObject([{ field: "prompt", rule: "must be a whole number" }]);
    expect((await ledger.entries(0, 10)).entries.filter(({ body: entry }) => entry.kind === "hold")).toEqual([]);
  });

  test("never stands in for a model of the same id that is written here", async () => {
    const { key } = await newTenant();
    const listed = { type: "text-to-video", description: "", schemaHash: "0".repeat(64), actor: "test", enabledAt: 1 };
    await writeEnabledModel(CONTROL, { model: T2V, inputSchema: JSON.stringify(SCHEMA), ...listed }, null);
    forgetSettings(CONTROL);
    // The list's schema has no duration; the written model is priced by it.
    const response = await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]", duration: "10" });
    expect(response.headers.get("x-wavegate-job-cost")).toBe("2.600000");
  });
});
