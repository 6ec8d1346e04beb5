import { beforeAll, beforeEach, expect, test } from "vitest";
import { syncCatalogue } from "../../../src/sync/index.ts";
import type { ModelsAnswer } from "../../../src/upstream/answers.ts";
import { callerWith, control, migrate, newTenant, operatorKey, tenantWithKey, type Call, type Json } from "./api.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const NOW = 1_800_000_000_000;
let now = NOW;
beforeEach(async () => {
  now += 3_600_000;
  for (const table of ["catalogue_models", "catalogue_syncs", "enabled_models", "price_checks", "alerts"]) {
    await control.prepare(`DELETE FROM ${table}`).run();
  }
});

const PROMPT = { type: "object", required: ["prompt"], properties: { prompt: { type: "string" } } };

/** One entry of WaveSpeed's list. */
const entry = (id: string, more: Json = {}, schema: unknown = PROMPT): Json => ({
  model_id: id,
  name: id,
  type: "text-to-image",
  description: "an image",
  base_price: 0.005,
  formula: "",
  api_schema: { api_schemas: [{ type: "model_run", request_schema: schema }] },
  ...more,
});

const many = (count: number): Json[] => Array.from({ length: count }, (_, at) => entry(`acme/m${at}`));

const source = (answer: ModelsAnswer | unknown[]) => ({
  models: () => Promise.resolve<ModelsAnswer>(Array.isArray(answer) ? { kind: "listed", entries: answer } : answer),
});

const sync = (answer: ModelsAnswer | unknown[], options = {}) =>
  syncCatalogue(control, source(answer), now++, { everyMs: 0, ...options });

const alerts = async (): Promise<string[]> => {
  const { results } = await control.prepare("SELECT kind, subject, count FROM alerts ORDER BY kind, subject").all();
  return results.map((row) => `${String(row["kind"])} ${String(row["subject"])} ${String(row["count"])}`);
};

const rowOf = (id: string) => control.prepare("SELECT * FROM catalogue_models WHERE model = ?").bind(id).first();

const model = async (id: string): Promise<Json> => {
  const { body } = await operator("GET", `/v1/models?q=${encodeURIComponent(id)}`);
  return (body["data"] as Json[]).find((row) => row["id"] === id) ?? {};
};

const enable = (id: string, enabled = true) => operator("PUT", "/v1/models", { model: id, enabled });

test("a list of a thousand models is written once, and again only where it changed", async () => {
  const list = many(1_000);
  expect(await sync(list)).toMatchObject({ state: "done", models: 1_000, added: 1_000, changed: 0 });
  expect(await sync(list)).toMatchObject({ added: 0, changed: 0, missing: 0 });
  list[7] = entry("acme/m7", { base_price: 0.006 });
  expect(await sync(list)).toMatchObject({ added: 0, changed: 1 });
  const row = await rowOf("acme/m7");
  expect(row).toMatchObject({ base_price: "0.006" });
  expect(Number(row?.["changed_at"])).toBeGreaterThan(Number(row?.["first_seen_at"]));
});

test("an entry that cannot be read is counted and told, and harms no other", async () => {
  const report = await sync([
    entry("acme/good"),
    null,
    5,
    {},
    { model_id: "no slash" },
    entry("acme/odd", { base_price: "free", formula: 7 }),
  ]);
  expect(report).toMatchObject({ state: "done", models: 2, malformed: 4, added: 2 });
  expect(await alerts()).toEqual(["catalogue_malformed models 1"]);
  expect(await model("acme/odd")).toMatchObject({ cannot_enable: "WaveSpeed's list gives no price for it" });
});

test("a list that fails, is empty or has shrunk by half changes nothing, and raises an alert", async () => {
  await sync(many(20));
  expect(await sync({ kind: "unreadable", reason: "HTTP 502" })).toMatchObject({
    state: "failed",
    problem: "HTTP 502",
  });
  expect(await sync([])).toMatchObject({ state: "distrusted" });
  expect(await sync(many(9))).toMatchObject({ state: "distrusted" });
  expect((await rowOf("acme/m15"))?.["missing_since"]).toBeNull();
  expect(await alerts()).toEqual(["catalogue_sync_distrusted models 2", "catalogue_sync_failed models 1"]);
  expect(await sync(many(9), { acceptFewer: true })).toMatchObject({ state: "done", missing: 11 });
});

test("a model that the list leaves out is marked, never deleted, and is back when the list has it again", async () => {
  await sync(many(3));
  await sync(many(2));
  expect((await rowOf("acme/m2"))?.["missing_since"]).toEqual(expect.any(Number));
  expect((await enable("acme/m2")).body["detail"]).toContain("WaveSpeed's list has it no more");
  const changedAt = (await rowOf("acme/m2"))?.["changed_at"];
  await sync(many(3));
  expect(await rowOf("acme/m2")).toMatchObject({ missing_since: null, changed_at: changedAt });
});

test("the cron looks once an hour, and of many at once one looks", async () => {
  let asked = 0;
  const counted = { models: () => Promise.resolve<ModelsAnswer>({ kind: "listed", entries: many((asked += 1)) }) };
  const tick = (at: number) => syncCatalogue(control, counted, at, { everyMs: 3_600_000 });
  const start = now;
  const states = (await Promise.all(Array.from({ length: 10 }, () => tick(start)))).map(({ state }) => state);
  expect(states.filter((state) => state === "done")).toHaveLength(1);
  expect((await tick(start + 3_599_999)).state).toBe("not_due");
  expect((await tick(start + 3_600_000)).state).toBe("done");
  expect(asked).toBe(2);
});

test("a look that broke off keeps others out for minutes, not for ever", async () => {
  const dying = { models: () => Promise.reject(new Error("evicted")) };
  await expect(async () => await syncCatalogue(control, dying, now, { everyMs: 0 })).rejects.toThrow("evicted");
  expect((await sync(many(1))).state).toBe("done");
});

test("a look that nobody finishes keeps others out for five minutes", async () => {
  await sync(many(1));
  await control
    .prepare("UPDATE catalogue_syncs SET busy_until = ?")
    .bind(now + 300_000)
    .run();
  expect((await sync(many(1))).state).toBe("busy");
  now += 300_000;
  expect((await sync(many(1))).state).toBe("done");
});

test("at most 200 models of the list are enabled, and 2 million characters of schemas", async () => {
  await sync([entry("acme/one-more"), entry("acme/first")]);
  await enable("acme/first");
  const rows = (count: number, chars: number) =>
    control.batch([
      control.prepare("DELETE FROM enabled_models WHERE model LIKE 'full/%'"),
      control
        .prepare(
          `INSERT INTO enabled_models SELECT 'full/' || value, enabled_models.type, description, hex(zeroblob(?2 / 2)), schema_hash, actor, 1
           FROM enabled_models, json_each(?1) WHERE model = 'acme/first'`,
        )
        .bind(JSON.stringify(Array.from({ length: count }, (_, at) => at)), chars),
      control.prepare("INSERT OR REPLACE INTO model_settings SELECT model, 1, 1 FROM enabled_models"),
    ]);
  for (const [count, chars] of [
    [199, 10],
    [1, 2_000_000],
  ] as const) {
    await rows(count, chars);
    const full = await enable("acme/one-more");
    expect([full.status, full.body["code"]]).toEqual([409, "conflict"]);
    expect((await enable("acme/first")).status).toBe(count === 199 ? 200 : 409);
  }
  await control.prepare("DELETE FROM enabled_models").run();
  expect((await enable("acme/one-more")).status).toBe(200);
});

test("enabling freezes the schema and the price of the list, at once, and says where they are from", async () => {
  await sync([entry("acme/image")]);
  expect(await model("acme/image")).toMatchObject({ enabled: false, cost: null, cannot_enable: null });
  const set = await enable("acme/image");
  expect(set.status, set.text).toBe(200);
  expect(await model("acme/image")).toMatchObject({
    origin: "synced",
    enabled: true,
    cost: { unit: "run", unit_price: "0.005000", version: 2, confirmed: false },
  });
  const { cost } = (await model("acme/image")) as { cost: { source: string } };
  expect(cost.source).toMatch(/^WaveSpeed's list of models on 2\S+Z: base_price 0.005, no formula$/);
  expect((await operator("GET", "/v1/models?enabled=true&q=acme")).body["data"]).toHaveLength(1);
  expect((await enable("acme/image", false)).status).toBe(200);
  expect(await model("acme/image")).toMatchObject({ enabled: false });
});

test("a price per second comes of base price and formula, exactly", async () => {
  const schema = {
    ...PROMPT,
    properties: { ...PROMPT.properties, duration: { type: "integer", enum: [4, 8], default: 4 } },
  };
  await sync([entry("acme/video", { base_price: 0.2, formula: '{"total_price": base_price * duration / 4}' }, schema)]);
  expect((await enable("acme/video")).status).toBe(200);
  expect(await model("acme/video")).toMatchObject({ cost: { unit: "second", unit_price: "0.050000" } });
});

test.each([
  ["acme/count", { formula: "base_price * num_images" }, PROMPT, "its price depends on num_images"],
  ["acme/length", { formula: "base_price * duration" }, PROMPT, "its schema has no field duration"],
  ["acme/free", { base_price: 0 }, PROMPT, "what has no price is refused"],
  ["acme/refers", {}, { properties: { a: { $ref: "#" } } }, "its schema uses $ref"],
  ["acme/bare", {}, null, "WaveSpeed's list gives no input schema for it"],
])("%s cannot be enabled by itself, and the operator is told why", async (id, more, schema, reason) => {
  await sync([entry(id, more, schema)]);
  expect((await model(id))["cannot_enable"]).toContain(reason);
  const set = await enable(id);
  expect(set.status).toBe(400);
  expect(set.body["detail"]).toContain(reason);
  expect(await control.prepare("SELECT * FROM rate_versions WHERE model = ?").bind(id).first()).toBeNull();
  expect(await control.prepare("SELECT * FROM enabled_models").first()).toBeNull();
});

test("a price that an operator sets makes a model without a fixed one fit to be enabled, and stays", async () => {
  await sync([entry("acme/byhand", { formula: "base_price * num_images" })]);
  const rate = await operator("POST", "/v1/rates", { model: "acme/byhand", unit: "run", unit_price: "0.50" });
  expect(rate.status, rate.text).toBe(201);
  expect((await enable("acme/byhand")).status).toBe(200);
  await sync([entry("acme/byhand")]);
  expect((await enable("acme/byhand")).status).toBe(200);
  expect(await model("acme/byhand")).toMatchObject({ cost: { unit_price: "0.500000", source: "operator" } });
});

test("a list that changes leaves price and schema as they were frozen, alerts once, and is taken by enabling again", async () => {
  await sync([entry("acme/moves")]);
  await enable("acme/moves");
  const wider = { ...PROMPT, properties: { ...PROMPT.properties, num_images: { type: "integer" } } };
  const changed = [entry("acme/moves", { base_price: 0.007 }, wider)];
  await sync(changed);
  await sync(changed);
  expect(await alerts()).toEqual(["price_differs acme/moves list 0: 0.007000 1", "schema_changed acme/moves 1"]);
  expect(await model("acme/moves")).toMatchObject({
    schema_changed: true,
    cost: { unit_price: "0.005000" },
    price_checks: [{ source: "list", cost: "0.005000", upstream: "0.007000", difference: "0.002000" }],
  });
  expect((await enable("acme/moves")).status).toBe(200);
  expect(await model("acme/moves")).toMatchObject({ schema_changed: false });
  const { results } = await control
    .prepare(
      "SELECT version, unit_micros, effective_from - created_at AS lead FROM rate_versions WHERE model = ? ORDER BY version",
    )
    .bind("acme/moves")
    .all();
  expect(results).toEqual([
    { version: 2, unit_micros: 5_000, lead: 0 },
    { version: 3, unit_micros: 7_000, lead: 60_000 },
  ]);
});

test("an enabled model that WaveSpeed's list loses goes on, and raises an alert", async () => {
  await sync([entry("acme/gone"), entry("acme/stays")]);
  await enable("acme/gone");
  await sync([entry("acme/stays")]);
  expect(await alerts()).toEqual(["model_missing acme/gone 1"]);
  expect(await model("acme/gone")).toMatchObject({
    enabled: true,
    listed: { missing_since: expect.any(String) as string },
  });
});

test("models that are only in the list can be named in keys, budgets, pauses and pricing; others cannot", async () => {
  await sync([entry("acme/named")]);
  const tenant = await newTenant(operator);
  const uses = (id: string) => [
    operator("POST", `/v1/tenants/${tenant}/keys`, { name: "k", models: [id] }),
    operator("PUT", `/v1/tenants/${tenant}/budgets/m`, { scope: { model: id }, limit: "1", window: "day" }),
    operator("PUT", `/v1/tenants/${tenant}/pricing`, { markup_bps: 0, models: { [id]: { unit_price: "0.01" } } }),
    operator("PUT", "/v1/pauses/p", { scope: { model: id }, reason: "test" }),
  ];
  const statuses = async (id: string) => (await Promise.all(uses(id))).map(({ status }) => status);
  expect(await statuses("acme/named")).toEqual([201, 200, 200, 200]);
  expect(await statuses("acme/unheard-of")).toEqual([400, 400, 400, 400]);
  await operator("DELETE", "/v1/pauses/p");
});

test("the list is paged by id, written models among the synced ones, each once", async () => {
  await sync([
    ...many(5),
    entry("kwaivgi/kling-v2.1-i2v-master", { base_price: 1.3, formula: "base_price * duration / 5" }),
  ]);
  const seen: Json[] = [];
  let cursor = "";
  do {
    const { status, body } = await operator("GET", `/v1/models?limit=3${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    seen.push(...(body["data"] as Json[]));
    cursor = String(body["next_cursor"] ?? "");
  } while (cursor !== "");
  const ids = seen.map(({ id }) => String(id));
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids).toHaveLength(12);
  expect(seen.find(({ id }) => id === "kwaivgi/kling-v2.1-i2v-master")).toMatchObject({
    origin: "written",
    enabled: true,
    listed: { base_price: "1.3" },
    price_checks: [{ source: "list", difference: "0.000000", agreed_at: expect.any(String) as string }],
  });
});

test("POST /v1/models/sync reads the list of the account that live jobs use", async () => {
  const { status, body } = await operator("POST", "/v1/models/sync", {});
  expect(status).toBe(200);
  expect(body).toMatchObject({ malformed: 0, changed: 0, missing: 0 });
  expect(await model("wavespeed-ai/z-image/turbo")).toMatchObject({ listed: { unit: "run", unit_price: "0.005000" } });
  expect(await model("simulated/images-by-count")).toMatchObject({
    cannot_enable: expect.stringContaining("num_images") as string,
  });
});

test("a tenant's quote of an enabled model is for a run, has 0 seconds, and checks the input by the schema", async () => {
  await sync([entry("acme/quoted")]);
  await enable("acme/quoted");
  const { asTenant } = await tenantWithKey(operator);
  const quoted = await asTenant("POST", "/v1/quotes", { model: "acme/quoted", input: { prompt: "a" } });
  expect(quoted.body).toMatchObject({ price: "0.005000", unit: "run", seconds: 0 });
  const wrong = await asTenant("POST", "/v1/quotes", { model: "acme/quoted", input: { prompt: 5, colour: "red" } });
  expect(wrong.body["detail"]).toContain("input.prompt must be a string (was 5)");
  expect((await asTenant("POST", "/v1/quotes", { model: "acme/never", input: {} })).body["code"]).toBe("unknown_model");
});
