import { beforeAll, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { readQuote } from "../../../src/keys/quote-token.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, migrate, MODEL, newTenant, operatorKey, tenantWithKey, type Call } from "./api.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const FREE = { version: 1, markup_bps: 0, models: {} };
const BODY = { model: MODEL, input: { image: "https://example.com/a.png", prompt: "a cat", duration: "5" } };

const claimsOf = (body: Record<string, unknown>) => readQuote(String(body["quote"]), parseConfig(testEnv).secrets);

test("pricing is shown, replaced as a whole, and counts its versions", async () => {
  const { at } = await tenantWithKey(operator);
  expect((await operator("GET", `${at}/pricing`)).body).toEqual(FREE);
  const models = { [MODEL]: { unit_price: "0.30" }, "kwaivgi/kling-v2.1-i2v-pro": { markup_bps: -1_000 } };
  const put = await operator("PUT", `${at}/pricing`, { markup_bps: 1_500, models });
  expect(put.status).toBe(200);
  const shown = { ...models, [MODEL]: { unit_price: "0.300000" } };
  expect(put.body).toEqual({ version: 2, markup_bps: 1_500, models: shown });
  expect((await operator("GET", `${at}/pricing`)).body).toEqual(put.body);
  expect((await operator("PUT", `${at}/pricing`, { markup_bps: -9_999 })).body).toEqual({
    version: 3,
    markup_bps: -9_999,
    models: {},
  });
  expect((await operator("GET", at)).body["pricing_version"]).toBe(3);
});

test.each([
  ["markup_bps", {}],
  ["markup_bps", { markup_bps: -10_000 }],
  ["markup_bps", { markup_bps: 1_000_001 }],
  ["markup_bps", { markup_bps: 0.5 }],
  ["models", { markup_bps: 0, models: { "no/such-model": { markup_bps: 0 } } }],
  [
    "models",
    { markup_bps: 0, models: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`m${n}`, { markup_bps: 0 }])) },
  ],
  [`models.${MODEL}`, { markup_bps: 0, models: { [MODEL]: { markup_bps: 1, unit_price: "1" } } }],
  [`models.${MODEL}`, { markup_bps: 0, models: { [MODEL]: {} } }],
  [`models.${MODEL}.unit_price`, { markup_bps: 0, models: { [MODEL]: { unit_price: "0" } } }],
  [`models.${MODEL}.unit_price`, { markup_bps: 0, models: { [MODEL]: { unit_price: "1000.000001" } } }],
  ["discount", { markup_bps: 0, discount: 5 }],
])("pricing with a wrong %s is refused by name: %j", async (field, body) => {
  const { at } = await tenantWithKey(operator);
  const answer = await operator("PUT", `${at}/pricing`, body);
  expect(answer.status).toBe(400);
  const fields = (answer.body["errors"] as { field: string }[]).map((issue) => issue.field);
  expect(fields.some((name) => name.startsWith(field))).toBe(true);
  expect((await operator("GET", `${at}/pricing`)).body).toEqual(FREE);
});

test("a quote is of the tenant's own pricing, and signed for what it says", async () => {
  const { tenant, at, asTenant } = await tenantWithKey(operator);
  await operator("PUT", `${at}/pricing`, { markup_bps: 1_500 });
  const before = Date.now();
  const own = await asTenant("POST", "/v1/quotes", BODY);
  expect(own.body).toMatchObject({ price: "1.495000", unit_price: "0.299000", pricing_version: 2, mode: "live" });
  const claims = claimsOf(own.body);
  expect(claims).toMatchObject({ tenant, mode: "live", model: MODEL, seconds: 5, priceMicros: 1_495_000 });
  expect(claims).toMatchObject({ rateVersion: 1, pricingVersion: 2 });
  const expires = Date.parse(String(own.body["expires_at"]));
  expect(claims?.expiresAt).toBe(expires);
  expect(expires).toBeGreaterThanOrEqual(before + 900_000);
  expect(expires).toBeLessThanOrEqual(Date.now() + 900_000);
});

test("a quote has the key's mode; an operator chooses mode and length", async () => {
  const { tenant, asTenant } = await tenantWithKey(operator, { mode: "test" });
  expect((await asTenant("POST", "/v1/quotes", BODY)).body["mode"]).toBe("test");
  expect((await asTenant("POST", "/v1/quotes", { ...BODY, mode: "test", valid_seconds: 1 })).status).toBe(200);
  const day = await operator("POST", "/v1/quotes", { ...BODY, tenant, mode: "test", valid_seconds: 86_400 });
  expect(day.body).toMatchObject({ mode: "test", cost: "1.300000" });
  expect(Date.parse(String(day.body["expires_at"]))).toBeGreaterThan(Date.now() + 86_000_000);
  expect(claimsOf(day.body)).toMatchObject({ tenant, mode: "test" });
});

test.each([
  ["valid_seconds", { valid_seconds: 901 }],
  ["valid_seconds", { valid_seconds: 0 }],
  ["valid_seconds", { valid_seconds: 86_401 }],
  ["mode", { mode: "test" }],
  ["mode", { mode: "all" }],
  ["price", { price: "0.01" }],
])("a tenant's quote with %s beyond its reach is refused by name: %j", async (field, more) => {
  const { asTenant } = await tenantWithKey(operator);
  const answer = await asTenant("POST", "/v1/quotes", { ...BODY, ...more });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
});

test("two quotes are two, and another tenant's pricing is not this one's", async () => {
  const first = await tenantWithKey(operator);
  await operator("PUT", `${first.at}/pricing`, { markup_bps: 10_000 });
  const other = await newTenant(operator);
  const quotes = [
    await first.asTenant("POST", "/v1/quotes", BODY),
    await first.asTenant("POST", "/v1/quotes", BODY),
    await operator("POST", "/v1/quotes", { ...BODY, tenant: other }),
  ];
  expect(quotes.map(({ body }) => body["price"])).toEqual(["2.600000", "2.600000", "1.300000"]);
  expect(new Set(quotes.map(({ body }) => claimsOf(body)?.id)).size).toBe(3);
});

test("what a tenant pays on top of costs is not in the tenant's audit log, but in the gateway's", async () => {
  const tenant = await newTenant(operator);
  expect((await operator("PUT", `/v1/tenants/${tenant}/pricing`, { markup_bps: 4321, models: {} })).status).toBe(200);
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  expect((await owner.call("GET", `/v1/tenants/${tenant}/audit-log`)).text).not.toContain("4321");
  expect((await operator("GET", "/v1/audit-log")).text).toContain("4321");
});
