import { beforeAll, expect, test } from "vitest";
import { forgetSettings, insertVersion } from "../../../src/settings/index.ts";
import { callerWith, control, migrate, newTenant, operatorKey, type Call } from "./api.ts";

let operator: Call;
let tenant: string;
let asTenant: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
  tenant = await newTenant(operator);
  const { body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "app" });
  asTenant = callerWith(String(body["key"]));
});

// Each test that changes a price or a model has one of its own: prices belong to the whole gateway.
const STEADY = "kwaivgi/kling-v2.1-i2v-master";
const REPRICED = "kwaivgi/kling-v2.0-t2v-master";
const RACED = "kwaivgi/kling-v2.1-i2v-pro";
const SWITCHED = "kwaivgi/kling-v2.1-i2v-standard";
const INPUT = { image: "https://example.com/a.png", prompt: "a cat", duration: "5" };

test("a quote is what would be held; its cost is shown to operators only", async () => {
  const own = await asTenant("POST", "/v1/quotes", { model: STEADY, input: INPUT });
  expect(own.status).toBe(200);
  expect(own.body).toEqual({
    quote: expect.stringMatching(/^wgq_/),
    expires_at: expect.stringMatching(/Z$/),
    model: STEADY,
    mode: "live",
    seconds: 5,
    unit: "second",
    unit_price: "0.260000",
    price: "1.300000",
    currency: "USD",
    rate_version: 1,
    pricing_version: 1,
    valid_until: null,
    next_price: null,
  });
  const body = { model: STEADY, input: { ...INPUT, duration: 10, enable_sync_mode: true }, tenant };
  expect((await operator("POST", "/v1/quotes", body)).body).toMatchObject({ price: "2.600000", cost: "2.600000" });
});

test("a quote needs a tenant, and a tenant's key gets its own only", async () => {
  const body = { model: STEADY, input: INPUT };
  const nobody = await operator("POST", "/v1/quotes", body);
  expect(nobody.status).toBe(400);
  expect(nobody.body["errors"]).toMatchObject([{ field: "tenant" }]);
  expect((await operator("POST", "/v1/quotes", { ...body, tenant: "0123456789ab" })).status).toBe(404);
  expect((await asTenant("POST", "/v1/quotes", { ...body, tenant: await newTenant(operator) })).status).toBe(403);
  expect((await asTenant("POST", "/v1/quotes", { ...body, tenant })).status).toBe(200);
});

test("a quote refuses what a submit would: unknown model, wrong input by field, a model that the key may not run", async () => {
  const unknown = await asTenant("POST", "/v1/quotes", { model: "no/such", input: {} });
  expect([unknown.status, unknown.body["code"]]).toEqual([400, "unknown_model"]);
  const wrong = await asTenant("POST", "/v1/quotes", { model: STEADY, input: { ...INPUT, duration: 7, size: "big" } });
  expect(wrong.status).toBe(400);
  const fields = (wrong.body["errors"] as { field: string }[]).map(({ field }) => field);
  expect(fields).toEqual(["input.duration", "input.size"]);
  const { body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "narrow", models: [SWITCHED] });
  const narrow = await callerWith(String(body["key"]))("POST", "/v1/quotes", { model: STEADY, input: INPUT });
  expect([narrow.status, narrow.body["code"]]).toEqual([403, "model_not_allowed"]);
});

test("a new price begins a minute ahead, is announced in quotes, and does not change today's", async () => {
  const input = { prompt: "a cat", duration: 5 };
  const before = Date.now();
  const soon = new Date(before + 30_000).toISOString();
  const early = await operator("POST", "/v1/rates", { model: REPRICED, unit_price: "0.3", effective_from: soon });
  expect(early.status).toBe(400);
  expect(early.body["errors"]).toMatchObject([{ field: "effective_from" }]);

  const made = await operator("POST", "/v1/rates", { model: REPRICED, unit_price: "0.30" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ model: REPRICED, version: 2, unit: "second", unit_price: "0.300000" });
  expect(Date.parse(String(made.body["effective_from"]))).toBeGreaterThanOrEqual(before + 60_000);

  const quote = await asTenant("POST", "/v1/quotes", { model: REPRICED, input });
  expect(quote.body).toMatchObject({
    rate_version: 1,
    price: "1.300000",
    valid_until: made.body["effective_from"],
    next_price: "1.500000",
  });
  const card = await operator("GET", "/v1/rates?limit=100");
  const mine = (card.body["data"] as { model: string }[]).find(({ model }) => model === REPRICED);
  expect(mine).toMatchObject({
    enabled: true,
    current: { version: 1, unit_price: "0.260000" },
    scheduled: [made.body],
  });
});

test("a price that has begun is quoted, also per run", async () => {
  const rate = { model: REPRICED, unit: "run", unitMicros: 2_000_000, confirmed: false, source: "test" } as const;
  expect(await insertVersion(control, { ...rate, version: 9, effectiveFrom: Date.now() - 1 }, 0)).toBe(true);
  forgetSettings(control);
  const quote = await asTenant("POST", "/v1/quotes", { model: REPRICED, input: { prompt: "a cat", duration: 10 } });
  expect(quote.body).toMatchObject({ rate_version: 9, unit: "run", unit_price: "2.000000", price: "2.000000" });
  const card = await operator("GET", `/v1/rates?model=${REPRICED}`);
  expect(card.body["data"]).toMatchObject([{ model: REPRICED, current: { version: 9 }, past: [{ version: 1 }] }]);
  expect((await operator("GET", "/v1/rates?model=nobody/nothing")).body["data"]).toEqual([]);
});

test("prices set at the same moment get versions of their own, or are refused; none is lost in silence", async () => {
  const answers = await Promise.all(
    ["0.11", "0.12", "0.13", "0.14"].map((unit_price) => operator("POST", "/v1/rates", { model: RACED, unit_price })),
  );
  const made = answers.filter(({ status }) => status === 201).map(({ body }) => body["version"]);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made).size).toBe(made.length);
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  const rows = await control.prepare("SELECT version FROM rate_versions WHERE model = ?").bind(RACED).all();
  expect(rows.results).toHaveLength(made.length);
});

test.each(["0", "-1", "0.0000001", "1000.000001", "1e3", "free", ""])(
  "a price of %j is refused",
  async (unit_price) => {
    const answer = await operator("POST", "/v1/rates", { model: STEADY, unit_price });
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ field: "unit_price" }]);
  },
);

test("a model that was switched off is refused at once here, until it is switched on", async () => {
  const quote = () => asTenant("POST", "/v1/quotes", { model: SWITCHED, input: INPUT });
  expect((await quote()).status).toBe(200);
  expect((await operator("PUT", "/v1/models", { model: SWITCHED, enabled: false })).body).toMatchObject({
    enabled: false,
  });
  const refused = await quote();
  expect([refused.status, refused.body["code"]]).toEqual([403, "model_not_allowed"]);
  await operator("PUT", "/v1/models", { model: SWITCHED, enabled: true });
  expect((await quote()).status).toBe(200);
});
