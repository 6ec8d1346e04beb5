import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { Env } from "../../../src/config.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { callerWith, migrate, MODEL, newTenant, operatorKey, reserve, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const TOTAL = { scope: { tenant: true }, limit: "13.00", window: "total" };

test("a budget is put, shown, listed and deleted", async () => {
  const tenant = await newTenant(operator);
  const path = `/v1/tenants/${tenant}/budgets/main`;
  const put = await operator("PUT", path, TOTAL);
  expect(put.status).toBe(200);
  expect(put.body).toEqual({
    id: "main",
    mode: "live",
    scope: { tenant: true },
    window: "total",
    time_zone: "UTC",
    limit: "13.000000",
    captured: "0.000000",
    held: "0.000000",
    held_jobs: 0,
    remaining: "13.000000",
    thresholds: [
      { percent: 50, reached: false },
      { percent: 80, reached: false },
      { percent: 100, reached: false },
    ],
    window_start: null,
    window_end: null,
  });
  expect((await operator("GET", `/v1/tenants/${tenant}/budgets`)).body).toEqual({
    data: [put.body],
    next_cursor: null,
  });
  expect((await operator("DELETE", path)).status).toBe(204);
  expect((await operator("DELETE", path)).status).toBe(404);
  expect((await operator("GET", `/v1/tenants/${tenant}/balance`)).body).toEqual({ budgets: [], credit: null });
});

test("thresholds are chosen, sorted and each once, and shown with whether the window has reached them", async () => {
  const { at, tenant, key } = await tenantWithKey(operator);
  const put = await operator("PUT", `${at}/budgets/main`, {
    ...TOTAL,
    limit: "2.60",
    thresholds: [100, 50, 1_000, 50],
  });
  const shown = (reached: boolean) => [
    { percent: 50, reached },
    { percent: 100, reached: false },
    { percent: 1_000, reached: false },
  ];
  expect(put.body["thresholds"]).toEqual(shown(false));
  await reserve(tenant, key);
  expect((await operator("GET", `${at}/balance`)).body).toMatchObject({ budgets: [{ thresholds: shown(true) }] });
});

test("every kind of scope comes back as it was given", async () => {
  const { tenant, keyId } = await tenantWithKey(operator);
  const scopes = [
    { tenant: true },
    { team: "Growth" },
    { key: keyId },
    { model: MODEL },
    { tag: { name: "campaign", value: "spring/1" } },
  ];
  for (const [index, scope] of scopes.entries()) {
    const body = { scope, limit: "1", window: "day", time_zone: "Asia/Tokyo", mode: "test" };
    const put = await operator("PUT", `/v1/tenants/${tenant}/budgets/b${index}`, body);
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject({ scope, mode: "test", time_zone: "Asia/Tokyo", limit: "1.000000" });
    expect(Date.parse(String(put.body["window_end"])) - Date.parse(String(put.body["window_start"]))).toBe(86_400_000);
  }
});

test("a budget of a key that there is not would bind nothing: it is refused by the field's name", async () => {
  const tenant = await newTenant(operator);
  const body = { scope: { key: "0123456789abcdef" }, limit: "1", window: "day" };
  const refused = await operator("PUT", `/v1/tenants/${tenant}/budgets/slip`, body);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ errors: [{ field: "scope.key", value: "0123456789abcdef" }] });
});

test("the balance is what the ledger enforces; a lowered limit shows over_by and nothing negative", async () => {
  const tenant = await newTenant(operator);
  const path = `/v1/tenants/${tenant}/budgets/main`;
  await operator("PUT", path, TOTAL);
  const { body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "app" });
  const key = String(body["key"]);
  const jobId = await reserve(tenant, key);
  await reserve(tenant, key);
  const held = { held: "2.600000", held_jobs: 2, captured: "0.000000", remaining: "10.400000" };
  expect((await operator("GET", `/v1/tenants/${tenant}/balance`)).body).toMatchObject({
    budgets: [held],
    credit: null,
  });

  const ledger = ledgerOf(env as unknown as Env, tenant);
  await ledger.settle({ jobId, action: "capture", outcome: "completed", reason: "" });
  const lowered = await operator("PUT", path, { ...TOTAL, limit: "2" });
  const over = {
    limit: "2.000000",
    captured: "1.300000",
    held: "1.300000",
    remaining: "0.000000",
    over_by: "0.600000",
  };
  expect(lowered.body).toMatchObject(over);
  expect((await callerWith(key)("GET", "/v1/me")).body).toMatchObject({ budgets: [over] });

  const audit = await operator("POST", `/v1/tenants/${tenant}/audit`);
  expect(audit.status).toBe(200);
  expect(audit.body).toMatchObject({
    consistent: true,
    captured: "1.300000",
    held: "1.300000",
    open_holds: 1,
    differences: [],
  });
});

test("me shows the budgets that bind this key, and no others", async () => {
  const tenant = await newTenant(operator);
  const { body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "app", team: "red", models: [MODEL] });
  const put = (id: string, scope: unknown, mode = "live") =>
    operator("PUT", `/v1/tenants/${tenant}/budgets/${id}`, { scope, limit: "5", window: "month", mode });
  await put("whole", { tenant: true });
  await put("red", { team: "red" });
  await put("blue", { team: "blue" });
  await put("own", { key: body["id"] });
  await put("other", { key: "0123456789abcdef" });
  await put("model", { model: MODEL });
  await put("pro", { model: "kwaivgi/kling-v2.1-i2v-pro" });
  await put("sandbox", { tenant: true }, "test");
  const me = await callerWith(String(body["key"]))("GET", "/v1/me");
  const ids = (me.body["budgets"] as { id: string }[]).map(({ id }) => id);
  expect(ids.toSorted()).toEqual(["model", "own", "red", "whole"]);
});

test.each([
  ["limit", { ...TOTAL, limit: 13 }],
  ["limit", { ...TOTAL, limit: "1.0000001" }],
  ["limit", { ...TOTAL, limit: "-1" }],
  ["limit", { ...TOTAL, limit: "1e3" }],
  ["window", { ...TOTAL, window: "year" }],
  ["scope", { ...TOTAL, scope: { tenant: false } }],
  ["scope", { ...TOTAL, scope: { tenant: true, team: "a" } }],
  ["scope.model", { ...TOTAL, scope: { model: "no/such-model" } }],
  ["scope.tag.value", { ...TOTAL, scope: { tag: { name: "campaign", value: "a=b" } } }],
  ["time_zone", { ...TOTAL, time_zone: "Mars/Olympus" }],
  ["mode", { ...TOTAL, mode: "LIVE" }],
  ["thresholds", { ...TOTAL, thresholds: [] }],
  ["thresholds", { ...TOTAL, thresholds: Array.from({ length: 21 }, (_, index) => index + 1) }],
  ["thresholds.0", { ...TOTAL, thresholds: [0] }],
  ["thresholds.1", { ...TOTAL, thresholds: [50, 1_001] }],
  ["thresholds.0", { ...TOTAL, thresholds: [12.5] }],
  ["currency", { ...TOTAL, currency: "EUR" }],
])("a budget with a wrong %s is refused by name: %j", async (field, body) => {
  const tenant = await newTenant(operator);
  const answer = await operator("PUT", `/v1/tenants/${tenant}/budgets/main`, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
  expect((await operator("GET", `/v1/tenants/${tenant}/budgets`)).body["data"]).toEqual([]);
});

test("a budget's name that cannot be is refused with its rule", async () => {
  const tenant = await newTenant(operator);
  const answer = await operator("PUT", `/v1/tenants/${tenant}/budgets/Main%20One`, TOTAL);
  expect(answer.status).toBe(400);
  expect(answer.body["errors"]).toMatchObject([{ field: "budget_id" }]);
});

test("a preview says what the new limit would leave and how many jobs fit, and changes nothing", async () => {
  const { at, tenant, key } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/main`, TOTAL);
  await reserve(tenant, key);
  const before = (await operator("GET", `${at}/budgets`)).body;
  const preview = await operator("POST", `${at}/budgets/main/preview`, { ...TOTAL, limit: "4.00" });
  expect(preview).toMatchObject({ status: 200, body: { limit: "4.000000", held: "1.300000", remaining: "2.700000" } });
  const fits = preview.body["would_fit"] as { model: string }[];
  expect(fits.find(({ model }) => model === MODEL)).toEqual({ model: MODEL, seconds: 5, price: "1.300000", jobs: 2 });
  const lower = await operator("POST", `${at}/budgets/main/preview`, { ...TOTAL, limit: "1.00" });
  expect(lower.body).toMatchObject({ remaining: "0.000000", over_by: "0.300000" });
  const narrow = { scope: { model: MODEL }, limit: "2.00", window: "day" };
  const ofModel = await operator("POST", `${at}/budgets/narrow/preview`, narrow);
  expect((ofModel.body["would_fit"] as { model: string }[]).map(({ model }) => model)).toEqual([MODEL]);
  expect((await operator("GET", `${at}/budgets`)).body).toEqual(before);
  expect((await operator("POST", `${at}/budgets/main/preview`, { ...TOTAL, limit: "1.0000001" })).status).toBe(400);
});
