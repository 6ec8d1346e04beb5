import { beforeAll, expect, test } from "vitest";
import { forgetSettings, loadSettings } from "../../../src/settings/index.ts";
import { callerWith, control, migrate, MODEL, operatorKey, reserve, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
let operatorId: string;
beforeAll(async () => {
  await migrate();
  const { id, key } = await operatorKey();
  operator = callerWith(key);
  operatorId = id;
});

test("a suspended tenant is refused at once, with the reason; then it goes on", async () => {
  const { at, tenant, key } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/main`, { scope: { tenant: true }, limit: "13", window: "total" });
  await reserve(tenant, key);
  const suspended = await operator("PATCH", at, { status: "suspended", reason: "unpaid invoice" });
  expect(suspended.status).toBe(200);
  expect(suspended.body).toMatchObject({ id: tenant, status: "suspended", reason: "unpaid invoice" });
  expect((await operator("GET", at)).body).toEqual(suspended.body);
  await expect(reserve(tenant, key)).rejects.toThrow(/tenant_suspended.*unpaid invoice/);
  const row = await control.prepare("SELECT status FROM tenants WHERE id = ?").bind(tenant).first();
  expect(row).toEqual({ status: "suspended" });

  const active = await operator("PATCH", at, { status: "active" });
  expect(active.body).toMatchObject({ status: "active", reason: null });
  await reserve(tenant, key);
  const list = await operator("GET", `/v1/tenants?limit=100`);
  expect(list.body["data"]).toContainEqual(expect.objectContaining({ id: tenant, status: "active" }));
});

test("a suspended tenant may still read", async () => {
  const { at, asTenant } = await tenantWithKey(operator);
  await operator("PATCH", at, { status: "suspended", reason: "unpaid invoice" });
  const me = await asTenant("GET", "/v1/me");
  expect(me.status).toBe(200);
  expect(me.body).toMatchObject({ tenant: { status: "suspended", reason: "unpaid invoice" } });
  expect((await asTenant("GET", "/v1/me/usage")).status).toBe(200);
  expect((await asTenant("GET", "/v1/me/jobs")).status).toBe(200);
});

test("a tenant that is made again stays suspended, also where its row was lost", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  await operator("PATCH", at, { status: "suspended", reason: "x" });
  await control.prepare("DELETE FROM tenants WHERE id = ?").bind(tenant).run();
  const again = await operator("POST", "/v1/tenants", { name: "Acme", id: tenant });
  expect(again.status).toBe(201);
  expect(again.body).toMatchObject({ status: "suspended", reason: "x" });
  const list = await operator("GET", `/v1/tenants?limit=100`);
  expect(list.body["data"]).toContainEqual(expect.objectContaining({ id: tenant, status: "suspended" }));
});

test.each([
  ["reason", { status: "suspended" }],
  ["reason", { status: "suspended", reason: "  " }],
  ["reason", { status: "suspended", reason: "x".repeat(301) }],
  ["status", { status: "paused", reason: "x" }],
  ["status", { reason: "x" }],
  ["name", { status: "active", name: "Other" }],
])("a tenant's state with a wrong %s is refused by name: %j", async (field, body) => {
  const { at } = await tenantWithKey(operator);
  const answer = await operator("PATCH", at, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
  expect((await operator("GET", at)).body["status"]).toBe("active");
});

async function pausesHere() {
  const settings = await loadSettings(control, Date.now());
  return settings.ok ? settings.value.pauses : [];
}

test("a pause is put, acts here at once, is listed, said anew and ended", async () => {
  await loadSettings(control, Date.now());
  const put = await operator("PUT", "/v1/pauses/night", { scope: { gateway: true }, reason: "maintenance" });
  expect(put.status).toBe(200);
  const actor = `operator:${operatorId}`;
  expect(put.body).toMatchObject({ id: "night", scope: { gateway: true }, reason: "maintenance", actor });
  expect(await pausesHere()).toMatchObject([{ kind: "gateway", reason: "maintenance" }]);

  const anew = await operator("PUT", "/v1/pauses/night", { scope: { model: MODEL }, reason: "bad output" });
  expect(anew.body).toEqual({ ...put.body, scope: { model: MODEL }, reason: "bad output" });
  await operator("PUT", "/v1/pauses/account", { scope: { account: "sandbox" }, reason: "x" });
  const list = await operator("GET", "/v1/pauses?limit=1");
  expect(list.body).toMatchObject({ data: [{ id: "account", scope: { account: "sandbox" } }] });
  const rest = await operator("GET", `/v1/pauses?cursor=${String(list.body["next_cursor"])}`);
  expect(rest.body).toEqual({ data: [anew.body], next_cursor: null });

  expect((await operator("DELETE", "/v1/pauses/night")).status).toBe(204);
  expect((await operator("DELETE", "/v1/pauses/night")).status).toBe(404);
  expect(await pausesHere()).toMatchObject([{ id: "account" }]);
  await operator("DELETE", "/v1/pauses/account");
});

test("a gateway has at most a thousand pauses, each of which can still be changed", async () => {
  const values = Array.from({ length: 1_000 }, (_, index) => `('p${index}', 'account', 'sandbox', 'x', 'test', 0)`);
  for (let from = 0; from < values.length; from += 100) {
    await control.prepare(`INSERT INTO pauses VALUES ${values.slice(from, from + 100).join(", ")}`).run();
  }
  const put = (id: string) => operator("PUT", `/v1/pauses/${id}`, { scope: { account: "sandbox" }, reason: "y" });
  expect((await put("another")).body).toMatchObject({ status: 409, code: "conflict" });
  expect((await put("p5")).body).toMatchObject({ reason: "y" });
  await control.prepare("DELETE FROM pauses").run();
  forgetSettings(control);
});

test.each([
  ["scope", { scope: { gateway: false }, reason: "x" }],
  ["scope", { scope: { tenant: true }, reason: "x" }],
  ["scope.account", { scope: { account: "other" }, reason: "x" }],
  ["scope.model", { scope: { model: "no/such" }, reason: "x" }],
  ["reason", { scope: { gateway: true } }],
  ["reason", { scope: { gateway: true }, reason: "" }],
  ["until", { scope: { gateway: true }, reason: "x", until: "tomorrow" }],
])("a pause with a wrong %s is refused by name: %j", async (field, body) => {
  const answer = await operator("PUT", "/v1/pauses/wrong", body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
  expect((await operator("GET", "/v1/pauses")).body["data"]).toEqual([]);
});

test("a pause's name that cannot be is refused with its rule", async () => {
  const answer = await operator("PUT", "/v1/pauses/All%20Of%20It", { scope: { gateway: true }, reason: "x" });
  expect(answer.body).toMatchObject({ status: 400, errors: [{ field: "pause_id" }] });
});
