import { beforeAll, beforeEach, expect, test } from "vitest";
import { listModels } from "../../../src/catalog/index.ts";
import { comparePrices, syncCatalogue } from "../../../src/sync/index.ts";
import type { QuoteAnswer } from "../../../src/upstream/answers.ts";
import { callerWith, control, migrate, operatorKey, type Call, type Json } from "./api.ts";

const HOUR = 3_600_000;

let operator: Call;
let now = 1_800_000_000_000;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

beforeEach(async () => {
  now += 100 * HOUR;
  for (const table of ["price_checks", "alerts"]) await control.prepare(`DELETE FROM ${table}`).run();
});

/** The written models by their durations: what is compared where nothing else is enabled. */
const PAIRS = listModels().length * 2;

/** WaveSpeed's own prices: ours, unless `prices` says otherwise. */
function waveSpeed(prices: Record<string, QuoteAnswer | number> = {}) {
  const asked: { model: string; inputs: Record<string, unknown> }[] = [];
  const quote = (model: string, inputs: Record<string, unknown>): Promise<QuoteAnswer> => {
    asked.push({ model, inputs });
    const seconds = Number(inputs["duration"]);
    const other = prices[`${model} ${seconds}`] ?? prices[model];
    if (typeof other === "object") return Promise.resolve(other);
    const unit = listModels().find(({ id }) => id === model)?.cost?.unitMicros ?? 0;
    return Promise.resolve({ kind: "quoted", micros: other ?? unit * seconds });
  };
  return { asked, quote };
}

const alerts = async (): Promise<string[]> => {
  const { results } = await control
    .prepare("SELECT subject, count FROM alerts WHERE kind = 'price_differs' ORDER BY subject")
    .all();
  return results.map((row) => `${String(row["subject"])} x${String(row["count"])}`);
};

async function wholeRound(source: ReturnType<typeof waveSpeed>): Promise<number[]> {
  const ticks: number[] = [];
  for (let asked = 1; asked > 0 && ticks.length < 20;) ticks.push((asked = await comparePrices(control, source, now)));
  return ticks;
}

test("every written model is asked at each duration with its defaults, a few a tick, and not again for hours", async () => {
  const source = waveSpeed();
  expect(await wholeRound(source)).toEqual([10, PAIRS - 10, 0]);
  expect(source.asked).toHaveLength(PAIRS);
  const pro = source.asked.filter(({ model }) => model === "kwaivgi/kling-v2.1-i2v-pro");
  expect(pro.map(({ inputs }) => inputs)).toEqual([
    { guidance_scale: 0.5, duration: "5" },
    { guidance_scale: 0.5, duration: "10" },
  ]);
  now += 5 * HOUR;
  expect(await comparePrices(control, source, now)).toBe(0);
  now += 2 * HOUR;
  expect(await comparePrices(control, source, now)).toBe(10);
  expect(await alerts()).toEqual([]);
});

test("a difference raises one alert for a price, however often it is seen, and another for another price", async () => {
  const id = "kwaivgi/kling-v2.1-i2v-standard";
  const dearer = waveSpeed({ [`${id} 5`]: 280_000 });
  await wholeRound(dearer);
  now += 7 * HOUR;
  await wholeRound(dearer);
  expect(await alerts()).toEqual([`${id} quote 5: 0.280000 x1`]);
  const told = await control.prepare("SELECT message FROM alerts WHERE kind = 'price_differs'").first("message");
  expect(told).toContain(`${id}: we count 0.250000 for 5 s; WaveSpeed's quote says: 0.280000. `);
  now += 7 * HOUR;
  await wholeRound(waveSpeed({ [`${id} 5`]: 300_000 }));
  expect(await alerts()).toEqual([`${id} quote 5: 0.280000 x1`, `${id} quote 5: 0.300000 x1`]);
  const { body } = await operator("GET", `/v1/models?q=${id}`);
  const [model] = body["data"] as { price_checks: Json[]; cost: Json }[];
  expect(model?.price_checks).toContainEqual(
    expect.objectContaining({
      source: "quote",
      seconds: 5,
      cost: "0.250000",
      upstream: "0.300000",
      difference: "0.050000",
      agreed_at: null,
    }),
  );
  expect(model?.cost).toMatchObject({ unit_price: "0.050000", version: 1 });
});

test("an unconfirmed price that WaveSpeed agrees with is recorded as seen, and the rate stays as it was frozen", async () => {
  await wholeRound(waveSpeed());
  const { body } = await operator("GET", "/v1/models?q=kling-v2.0-i2v-master");
  const [model] = body["data"] as { price_checks: Json[]; cost: Json }[];
  expect(model?.cost).toMatchObject({ confirmed: false, version: 1 });
  expect(model?.price_checks.map((check) => check["agreed_at"])).toEqual([expect.any(String), expect.any(String)]);
});

test("a WaveSpeed that does not answer is asked once a tick, of another model each time, and raises no alert", async () => {
  const source = waveSpeed(
    Object.fromEntries(listModels().map(({ id }) => [id, { kind: "unreadable" as const, reason: "HTTP 502" }])),
  );
  for (let tick = 0; tick < 3; tick += 1) await comparePrices(control, source, now + tick);
  expect(source.asked).toHaveLength(3);
  expect(new Set(source.asked.map(({ model, inputs }) => `${model} ${String(inputs["duration"])}`)).size).toBe(3);
  expect(await alerts()).toEqual([]);
});

test("an enabled model of the list is compared too, a run by its defaults", async () => {
  const entry = {
    model_id: "acme/compared",
    type: "text-to-image",
    base_price: 0.01,
    api_schema: {
      api_schemas: [{ type: "model_run", request_schema: { properties: { size: { type: "string", default: "s" } } } }],
    },
  };
  const models = () => Promise.resolve({ kind: "listed" as const, entries: [entry] });
  await syncCatalogue(control, { models }, now, { everyMs: 0 });
  expect((await operator("PUT", "/v1/models", { model: "acme/compared", enabled: true })).status).toBe(200);
  const source = waveSpeed({ "acme/compared": 12_000 });
  now = Date.now() + HOUR;
  await wholeRound(source);
  expect(source.asked.filter(({ model }) => model === "acme/compared")).toEqual([
    { model: "acme/compared", inputs: { size: "s" } },
  ]);
  expect(await alerts()).toEqual(["acme/compared quote 0: 0.012000 x1"]);
});
