import { beforeAll, expect, test } from "vitest";
import { callerWith, control, migrate, operatorKey, tenantWithKey, type Call, type Json } from "./api.ts";

let operator: Call;
let colleague: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
  colleague = callerWith((await operatorKey()).key);
});

// A model of its own: prices belong to the whole gateway.
const PRICED = "kwaivgi/kling-v2.0-i2v-master";
const BUDGET = { scope: { tenant: true }, limit: "13", window: "total" };
const LIMIT = { scope: { tenant: true }, concurrent_jobs: 3 };

/** What moves money: method, path after the tenant (or whole), a body, and another one. */
const CALLS: [string, string, Json, Json][] = [
  ["PUT", "/budgets/main", BUDGET, { ...BUDGET, limit: "14" }],
  ["PUT", "/limits/main", LIMIT, { ...LIMIT, concurrent_jobs: 4 }],
  ["PUT", "/credit", { limit: "5" }, { limit: "6" }],
  ["POST", "/credit/top-ups", { amount: "5" }, { amount: "6" }],
  ["POST", "/credit/adjustments", { amount: "-5", reason: "a" }, { amount: "-5", reason: "b" }],
  ["PUT", "/pricing", { markup_bps: 100 }, { markup_bps: 200 }],
  ["POST", "/v1/rates", { model: PRICED, unit_price: "0.3" }, { model: PRICED, unit_price: "0.4" }],
];

const once = () => ({ "idempotency-key": crypto.randomUUID() });

async function place(path: string): Promise<string> {
  const { at } = await tenantWithKey(operator);
  await operator("PUT", `${at}/credit`, { limit: "1" });
  return path.startsWith("/v1/") ? path : at + path;
}

test.each(CALLS)("%s %s again answers byte for byte as before and does nothing", async (method, path, body) => {
  const [url, key] = [await place(path), once()];
  const first = await operator(method, url, body, key);
  expect([first.status < 300, first.headers.get("idempotency-replayed")]).toEqual([true, null]);
  // What is changed in between does not change the reply.
  if (!path.startsWith("/v1/")) await operator(method, url, body, once());
  const again = await operator(method, url, { ...body }, key);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect([again.status, again.text]).toEqual([first.status, first.text]);
});

test.each(CALLS)("%s %s with another body and the same key is a conflict", async (method, path, body, other) => {
  const [url, key] = [await place(path), once()];
  const first = await operator(method, url, body, key);
  const refused = await operator(method, url, other, key);
  expect([refused.status, refused.body["code"]]).toEqual([409, "idempotency_conflict"]);
  expect((await operator(method, url, body, key)).text).toBe(first.text);
});

test.each(["/budgets/main", "/limits/main", "/credit"])("DELETE %s again is 204 again", async (path) => {
  const { at } = await tenantWithKey(operator);
  const bodies: Record<string, Json> = { "/budgets/main": BUDGET, "/limits/main": LIMIT, "/credit": { limit: "0" } };
  await operator("PUT", at + path, bodies[path]);
  const key = once();
  expect((await operator("DELETE", at + path, undefined, key)).status).toBe(204);
  const again = await operator("DELETE", at + path, undefined, key);
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([204, "true"]);
  expect((await operator("DELETE", at + path, undefined, once())).status).toBe(404);
});

test("sixteen equal top-ups at once are one", async () => {
  const { at } = await tenantWithKey(operator);
  const key = once();
  const all = await Promise.all(
    Array.from({ length: 16 }, () => operator("POST", `${at}/credit/top-ups`, { amount: "5" }, key)),
  );
  expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  expect(all.filter(({ headers }) => !headers.has("idempotency-replayed"))).toHaveLength(1);
  expect((await operator("GET", `${at}/credit`)).body["balance"]).toBe("5.000000");
});

test("eight equal prices at once are one version", async () => {
  const [key, model] = [once(), "kwaivgi/kling-v2.1-i2v-pro"];
  const all = await Promise.all(
    Array.from({ length: 8 }, () => operator("POST", "/v1/rates", { model, unit_price: "0.2" }, key)),
  );
  expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
  expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  expect(all.filter(({ headers }) => !headers.has("idempotency-replayed"))).toHaveLength(1);
  const rows = await control.prepare("SELECT version FROM rate_versions WHERE model = ?").bind(model).all();
  expect(rows.results).toHaveLength(1);
});

test("the same key in other hands, on another path, another tenant or another call is another key", async () => {
  const { at } = await tenantWithKey(operator);
  const other = await tenantWithKey(operator);
  const key = once();
  const fresh = async (call: Call, method: string, path: string, body: Json) => {
    const answer = await call(method, path, body, key);
    expect([answer.status, answer.headers.get("idempotency-replayed")]).toEqual([200, null]);
  };
  await fresh(operator, "POST", `${at}/credit/top-ups`, { amount: "5" });
  await fresh(colleague, "POST", `${at}/credit/top-ups`, { amount: "5" });
  await fresh(operator, "POST", `${other.at}/credit/top-ups`, { amount: "5" });
  await fresh(operator, "POST", `${at}/credit/adjustments`, { amount: "5", reason: "x" });
  await fresh(operator, "PUT", `${at}/budgets/a`, BUDGET);
  await fresh(operator, "PUT", `${at}/budgets/b`, BUDGET);
  expect((await operator("GET", `${at}/credit`)).body["balance"]).toBe("15.000000");
});

test("a refusal is not kept: the same key works once the cause is gone", async () => {
  const { at } = await tenantWithKey(operator);
  const key = once();
  const adjust = () => operator("POST", `${at}/credit/adjustments`, { amount: "1", reason: "x" }, key);
  expect((await adjust()).status).toBe(404);
  await operator("PUT", `${at}/credit`, { limit: "0" });
  expect((await adjust()).body["balance"]).toBe("1.000000");
});

test("a price's key is forgotten after 48 hours, and its row is cleared away", async () => {
  const [key, model] = [once(), "kwaivgi/kling-v2.1-i2v-standard"];
  const set = () => operator("POST", "/v1/rates", { model, unit_price: "0.2" }, key);
  expect((await set()).body["version"]).toBe(2);
  await control.prepare("UPDATE requests SET created_at = created_at - 172800000").run();
  const later = await set();
  expect([later.body["version"], later.headers.get("idempotency-replayed")]).toEqual([3, null]);
  const rows = await control.prepare("SELECT COUNT(*) AS n FROM requests").first<{ n: number }>();
  expect(rows?.n).toBe(1);
});
