import { beforeAll, expect, test } from "vitest";
import { verifyKey } from "../../../src/keys/key.ts";
import { callerWith, migrate, MODEL, operatorKey, reserve, secrets, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const DAY_MS = 86_400_000;

test("what a key may do, from where, and its dedupe window are given, and echoed in one spelling", async () => {
  const asked = {
    scopes: ["read", "submit", "read"],
    ips: ["203.0.113.7", "2001:DB8::/32", "203.0.113.7/32"],
    dedupe_window_seconds: 60,
  };
  const { at, keyId } = await tenantWithKey(operator, asked);
  expect((await operator("GET", `${at}/keys/${keyId}`)).body).toMatchObject({
    scopes: ["read", "submit"],
    ips: ["203.0.113.7/32", "2001:db8::/32"],
    dedupe_window_seconds: 60,
  });
});

test("a patch changes what it names and nothing else; null takes away", async () => {
  const { at, keyId, asTenant } = await tenantWithKey(operator, { team: "red", models: [MODEL], ips: ["::/0"] });
  const path = `${at}/keys/${keyId}`;
  const before = (await operator("GET", path)).body;
  const patch = { name: "renamed", team: "blue", dedupe_window_seconds: 5, expires_at: "2999-01-01T00:00:00Z" };
  const changed = await operator("PATCH", path, patch);
  expect(changed.status).toBe(200);
  expect(changed.body).toEqual({ ...before, ...patch, expires_at: "2999-01-01T00:00:00.000Z" });
  expect((await asTenant("GET", "/v1/me")).status).toBe(403);
  const open = await operator("PATCH", path, { team: null, models: null, ips: null, expires_at: null });
  expect(open.body).toMatchObject({ name: "renamed", team: null, models: null, ips: null, expires_at: null });
  expect((await operator("GET", path)).body).toEqual(open.body);
  expect((await asTenant("GET", "/v1/me")).status).toBe(200);
});

test("a key is switched off and on; twice is as once", async () => {
  const { at, keyId, asTenant } = await tenantWithKey(operator);
  const path = `${at}/keys/${keyId}`;
  const off = await operator("PATCH", path, { disabled: true });
  expect(off.body["disabled_at"]).not.toBeNull();
  expect((await operator("PATCH", path, { disabled: true })).body).toEqual(off.body);
  const refused = await asTenant("GET", "/v1/me");
  expect([refused.status, refused.body["code"]]).toEqual([401, "key_disabled"]);
  expect((await operator("PATCH", path, { disabled: false })).body["disabled_at"]).toBeNull();
  expect((await asTenant("GET", "/v1/me")).status).toBe(200);
});

test("a rotated key keeps its id; the old secret works for the overlap, and says when it ends", async () => {
  const { tenant, at, keyId, key, asTenant } = await tenantWithKey(operator);
  const rotated = await operator("POST", `${at}/keys/${keyId}/rotate`, { overlap_seconds: 3_600 });
  expect(rotated.status).toBe(200);
  expect(rotated.headers.get("cache-control")).toBe("no-store");
  const fresh = String(rotated.body["key"]);
  expect(verifyKey(fresh, secrets)).toMatchObject({ kind: "live", tenant, keyId });
  expect(rotated.body).toMatchObject({ id: keyId, prefix: fresh.slice(0, 28), secret_version: 1 });
  const [old] = rotated.body["old_secrets"] as { prefix: string; expires_at: string }[];
  expect(old).toMatchObject({ prefix: key.slice(0, 28), secret_version: 1 });

  const warned = await asTenant("GET", "/v1/me");
  expect([warned.status, warned.headers.get("x-wavegate-key-expires")]).toEqual([200, old?.expires_at]);
  const silent = await callerWith(fresh)("GET", "/v1/me");
  expect([silent.status, silent.headers.get("x-wavegate-key-expires")]).toEqual([200, null]);
  const list = await operator("GET", `${at}/keys`);
  expect(list.text).not.toContain(fresh.slice(20));
});

test("an overlap of zero ends the old secret at once", async () => {
  const { at, keyId, asTenant } = await tenantWithKey(operator);
  const rotated = await operator("POST", `${at}/keys/${keyId}/rotate`, { overlap_seconds: 0 });
  const [old] = rotated.body["old_secrets"] as { expires_at: string }[];
  expect(Date.parse(old?.expires_at ?? "")).toBeLessThanOrEqual(Date.now());
  const ended = await asTenant("GET", "/v1/me");
  expect([ended.status, ended.body["code"]]).toEqual([401, "key_expired"]);
  expect((await callerWith(String(rotated.body["key"]))("GET", "/v1/me")).status).toBe(200);
});

test("at most ten secrets of a key work side by side", async () => {
  const { at, keyId } = await tenantWithKey(operator);
  const rotate = () => operator("POST", `${at}/keys/${keyId}/rotate`, { overlap_seconds: 2_592_000 });
  for (let made = 1; made < 10; made++) expect((await rotate()).status).toBe(200);
  const refused = await rotate();
  expect([refused.status, refused.body["code"]]).toEqual([409, "conflict"]);
});

test("a key that ends within 30 days says so, one that ends later does not", async () => {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const soon = await tenantWithKey(operator, { expires_at: at(29 * DAY_MS) });
  const later = await tenantWithKey(operator, { expires_at: at(31 * DAY_MS) });
  expect((await soon.asTenant("GET", "/v1/me")).headers.has("x-wavegate-key-expires")).toBe(true);
  expect((await later.asTenant("GET", "/v1/me")).headers.has("x-wavegate-key-expires")).toBe(false);
  // Refusals say it too: who is about to be locked out may only ever see those.
  expect((await soon.asTenant("GET", "/v1/nothing")).headers.has("x-wavegate-key-expires")).toBe(true);
});

test("a key with an address list is refused from elsewhere, and from nowhere, on every tenant's call", async () => {
  const { asTenant } = await tenantWithKey(operator, { ips: ["203.0.113.0/24"] });
  for (const path of ["/v1/me", "/v1/me/usage", "/v1/me/jobs"]) {
    const from = (ip: string) => asTenant("GET", path, undefined, { "cf-connecting-ip": ip });
    expect((await from("203.0.113.9")).status).toBe(200);
    const refused = await from("198.51.100.1");
    expect([refused.status, refused.body["code"]]).toEqual([403, "address_not_allowed"]);
    expect((await asTenant("GET", path)).status).toBe(403);
  }
});

test("revoking with cancel_queued asks the trackers that have jobs of the key", async () => {
  const { tenant, at, keyId, key } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/main`, { scope: { tenant: true }, limit: "13", window: "total" });
  await reserve(tenant, key);
  const revoked = await operator("DELETE", `${at}/keys/${keyId}?cancel_queued=true`);
  expect(revoked.status).toBe(200);
  expect(revoked.body).toMatchObject({ id: keyId, cancel_queued: true, trackers_asked: 1 });
  const other = await operator("DELETE", `${at}/keys/${keyId}?cancel_queued=yes`);
  expect(other.body).toMatchObject({ code: "invalid_request", errors: [{ field: "cancel_queued" }] });
});

test.each([
  ["scopes", { scopes: [] }],
  ["scopes.0", { scopes: ["admin"] }],
  ["ips", { ips: [] }],
  ["ips", { ips: Array.from({ length: 51 }, (_, index) => `10.0.0.${index}`) }],
  ["ips.1", { ips: ["10.0.0.1", "10.0.0.300"] }],
  ["ips.0", { ips: ["10.0.0.1/8"] }],
  ["dedupe_window_seconds", { dedupe_window_seconds: 86_401 }],
  ["dedupe_window_seconds", { dedupe_window_seconds: -1 }],
  ["expires_at", { expires_at: "2020-01-01T00:00:00Z" }],
  ["models.0", { models: ["no/such"] }],
  ["colour", { colour: "red" }],
])("a wrong %s is refused by name, with its rule, when made and when changed: %j", async (field, wrong) => {
  const { at, keyId } = await tenantWithKey(operator);
  const before = (await operator("GET", `${at}/keys/${keyId}`)).body;
  for (const answer of [
    await operator("POST", `${at}/keys`, { name: "x", ...wrong }),
    await operator("PATCH", `${at}/keys/${keyId}`, wrong),
  ]) {
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
    expect((answer.body["errors"] as { rule: string }[])[0]?.rule).not.toBe("");
  }
  expect((await operator("GET", `${at}/keys/${keyId}`)).body).toEqual(before);
});

test("a patch of nothing, of the mode, and a rotation without or beyond its overlap are refused", async () => {
  const { at, keyId } = await tenantWithKey(operator);
  const path = `${at}/keys/${keyId}`;
  expect((await operator("PATCH", path, {})).body).toMatchObject({ errors: [{ field: "body" }] });
  expect((await operator("PATCH", path, { mode: "test" })).body).toMatchObject({ errors: [{ field: "mode" }] });
  for (const overlap of [{}, { overlap_seconds: -1 }, { overlap_seconds: 2_592_001 }, { overlap_seconds: 1.5 }]) {
    const answer = await operator("POST", `${path}/rotate`, overlap);
    expect(answer.body).toMatchObject({ status: 400, errors: [{ field: "overlap_seconds" }] });
  }
});
