import { beforeAll, expect, test } from "vitest";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { issueKey } from "../../../src/management/issue-key.ts";
import { checkOperatorKey, OPERATOR_KEY_CACHE_MS_MAX } from "../../../src/management/operator-keys.ts";
import { findManagementKey } from "../../../src/settings/index.ts";
import { callerWith, control, migrate, newTenant, operatorKey, random, secrets, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

interface Description {
  openapi: string;
  paths: Record<string, Record<string, { security?: Record<string, unknown>[] }>>;
}

async function operations() {
  const { body } = await callerWith(null)("GET", "/openapi.json");
  const description = body as unknown as Description;
  const ours = Object.entries(description.paths).filter(([path]) => path.startsWith("/v1/"));
  return ours
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path: path
          .replace("{tenant}", "a".repeat(12))
          .replace("{job}", "b".repeat(32))
          .replaceAll(/\{[a-z_]+\}/g, "b".repeat(16)),
        callers: (security ?? []).flatMap((scheme) => Object.keys(scheme)),
      })),
    )
    .filter(({ path }) => !path.startsWith("/v1/sign-in"));
}

test("every operation refuses a call without a key, with a forged key and with another gateway's key", async () => {
  const all = await operations();
  expect(all.length).toBeGreaterThan(68);
  const other = parseGatewaySecrets(`1:${"cd".repeat(32)}`);
  const foreign = issueKey({ secrets: other, random }, { kind: "mgmt", tenant: "0".repeat(12) }).key;
  for (const { method, path, callers } of all) {
    expect(callers.length, `${method} ${path} names its callers`).toBeGreaterThan(0);
    for (const key of [null, `wg_mgmt_${"A".repeat(63)}`, foreign, "nonsense"]) {
      const { status, body, headers } = await callerWith(key)(method, path);
      expect(status, `${method} ${path}`).toBe(401);
      expect(body).toMatchObject({ code: "invalid_key", status: 401 });
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(headers.get("www-authenticate")).toContain("Bearer");
    }
  }
});

test("a tenant's key is refused with 403 wherever it is not a named caller, and so is a management key", async () => {
  const tenant = await newTenant(operator);
  const { body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "app" });
  const asTenant = callerWith(String(body["key"]));
  for (const { method, path, callers } of await operations()) {
    const byTenant = await asTenant(method, path);
    const byOperator = await operator(method, path);
    expect(byTenant.status === 403, `tenant ${method} ${path}`).toBe(!callers.includes("tenantKey"));
    expect(byOperator.status === 403, `operator ${method} ${path}`).toBe(!callers.includes("operatorKey"));
  }
});

test("a management key that was never stored is refused, though its MAC is genuine", async () => {
  const { key } = issueKey({ secrets, random }, { kind: "mgmt", tenant: "0".repeat(12) });
  const { status, body } = await callerWith(key)("GET", "/v1/tenants");
  expect(status).toBe(401);
  expect(body["code"]).toBe("invalid_key");
});

test("a revoked management key is refused at once here, and within 10 s where it was cached", async () => {
  const { id, key } = await operatorKey();
  const revoked = callerWith(key);
  expect((await revoked("GET", "/v1/tenants")).status).toBe(200);
  const stored = await findManagementKey(control, id);
  const known = { id, hash: stored?.hash ?? "" };
  const now = Date.now();
  expect(await checkOperatorKey(control, known, now)).toBe("valid");

  // Another isolate revokes: the row changes, this cache does not hear of it.
  await control.prepare("UPDATE management_keys SET revoked_at = 1 WHERE id = ?").bind(id).run();
  expect(await checkOperatorKey(control, known, now + OPERATOR_KEY_CACHE_MS_MAX)).toBe("revoked");
  expect(OPERATOR_KEY_CACHE_MS_MAX).toBeLessThanOrEqual(10_000);

  const second = await operatorKey();
  expect((await callerWith(second.key)("GET", "/v1/tenants")).status).toBe(200);
  expect((await operator("DELETE", `/v1/management-keys/${second.id}`)).status).toBe(200);
  const after = await callerWith(second.key)("GET", "/v1/tenants");
  expect(after.status).toBe(401);
  expect(after.body["code"]).toBe("key_revoked");
});

test("a cached key with another hash is not let in", async () => {
  const { id } = await operatorKey();
  const stored = await findManagementKey(control, id);
  const now = Date.now();
  expect(await checkOperatorKey(control, { id, hash: stored?.hash ?? "" }, now)).toBe("valid");
  expect(await checkOperatorKey(control, { id, hash: "0".repeat(64) }, now)).toBe("unknown");
});

test("management keys are issued once, listed without their secret, and the last one cannot be revoked", async () => {
  const made = await operator("POST", "/v1/management-keys", { name: "second" });
  expect(made.status).toBe(201);
  expect(made.headers.get("cache-control")).toBe("no-store");
  const key = String(made.body["key"]);
  expect(key).toMatch(/^wg_mgmt_[\w-]{63}$/);
  const list = await operator("GET", "/v1/management-keys?limit=100");
  expect(JSON.stringify(list.body)).toContain(String(made.body["id"]));
  expect(JSON.stringify(list.body)).not.toContain(key.slice(0, 30));
  const rows = await control.prepare("SELECT * FROM management_keys").all();
  expect(JSON.stringify(rows.results)).not.toContain(key.slice(20));

  expect((await operator("DELETE", `/v1/management-keys/${"0".repeat(16)}`)).status).toBe(404);
  const me = callerWith(key);
  await control.prepare("UPDATE management_keys SET revoked_at = 1 WHERE id <> ?").bind(made.body["id"]).run();
  const last = await me("DELETE", `/v1/management-keys/${String(made.body["id"])}`);
  expect(last.status).toBe(409);
  expect((await me("GET", "/v1/tenants")).status).toBe(200);
});
