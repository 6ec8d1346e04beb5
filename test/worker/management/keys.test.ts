import { beforeAll, expect, test } from "vitest";
import { verifyKey } from "../../../src/keys/key.ts";
import { callerWith, migrate, MODEL, newTenant, operatorKey, secrets, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

test("an issued key names its tenant, is shown once, and says who it is", async () => {
  const tenant = await newTenant(operator, "Keys");
  const asked = {
    name: "app",
    mode: "test",
    team: "Growth Team",
    models: [MODEL, MODEL],
    expires_at: "2999-01-01T01:00:00+01:00",
  };
  const { status, body, headers } = await operator("POST", `/v1/tenants/${tenant}/keys`, asked);
  expect(status).toBe(201);
  expect(headers.get("cache-control")).toBe("no-store");
  const key = String(body["key"]);
  expect(verifyKey(key, secrets)).toMatchObject({ kind: "test", tenant, keyId: body["id"] });
  const { key: _key, ...shown } = body;
  expect(shown).toMatchObject({
    name: "app",
    mode: "test",
    team: "Growth Team",
    models: [MODEL],
    expires_at: "2999-01-01T00:00:00.000Z",
    scopes: ["submit", "read", "cancel", "upload"],
    ips: null,
    dedupe_window_seconds: 0,
    prefix: key.slice(0, 28),
    secret_version: 1,
    old_secrets: [],
    disabled_at: null,
    revoked_at: null,
    last_used_at: null,
  });
  expect((await operator("GET", `/v1/tenants/${tenant}/keys/${String(body["id"])}`)).body).toEqual(shown);
  const list = await operator("GET", `/v1/tenants/${tenant}/keys`);
  expect(list.body).toEqual({ data: [shown], next_cursor: null });
  const me = await callerWith(key)("GET", "/v1/me");
  expect(me.status).toBe(200);
  const used = { ...shown, last_used_at: expect.stringMatching(/Z$/) };
  expect(me.body).toMatchObject({ tenant: { id: tenant, name: "Keys", time_zone: "UTC" }, key: used, mode: "test" });
});

test("a revoked key is refused at once; revoking it again answers the same", async () => {
  const tenant = await newTenant(operator);
  const { body } = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "app" });
  const caller = callerWith(String(body["key"]));
  expect((await caller("GET", "/v1/me")).status).toBe(200);
  const path = `/v1/tenants/${tenant}/keys/${String(body["id"])}`;
  const first = await operator("DELETE", path);
  expect(first.status).toBe(200);
  expect(first.body["revoked_at"]).not.toBeNull();
  expect(first.body).toMatchObject({ cancel_queued: false, trackers_asked: 0 });
  expect((await operator("DELETE", path)).body).toEqual(first.body);
  const forever = await operator("PATCH", path, { disabled: false });
  expect([forever.status, forever.body["code"]]).toEqual([409, "conflict"]);
  expect((await operator("POST", `${path}/rotate`, { overlap_seconds: 0 })).status).toBe(409);
  const after = await caller("GET", "/v1/me");
  expect(after.status).toBe(401);
  expect(after.body["code"]).toBe("key_revoked");
});

test("a key that is unknown, or of another tenant, is 404", async () => {
  const [mine, other] = [await newTenant(operator), await newTenant(operator)];
  const { body } = await operator("POST", `/v1/tenants/${other}/keys`, { name: "app" });
  expect((await operator("DELETE", `/v1/tenants/${mine}/keys/${String(body["id"])}`)).status).toBe(404);
  expect((await operator("DELETE", `/v1/tenants/${mine}/keys/${"0".repeat(16)}`)).status).toBe(404);
  const foreign = `/v1/tenants/${mine}/keys/${String(body["id"])}`;
  expect((await operator("GET", foreign)).status).toBe(404);
  expect((await operator("PATCH", foreign, { name: "x" })).status).toBe(404);
  expect((await operator("POST", `${foreign}/rotate`, { overlap_seconds: 0 })).status).toBe(404);
  expect((await callerWith(String(body["key"]))("GET", "/v1/me")).status).toBe(200);
});

test("keys of one tenant begin differently on the list, as the keys themselves do", async () => {
  const tenant = await newTenant(operator);
  const made: string[] = [];
  for (const name of ["a", "b", "c"]) {
    made.push(String((await operator("POST", `/v1/tenants/${tenant}/keys`, { name })).body["key"]));
  }
  const { body } = await operator("GET", `/v1/tenants/${tenant}/keys`);
  const told = (body["data"] as { prefix: string }[]).map(({ prefix }) => prefix);
  expect(new Set(told).size).toBe(made.length);
  expect(told.toSorted()).toEqual(made.map((key) => key.slice(0, 28)).toSorted());
});

test("keys are listed page by page, each once", async () => {
  const tenant = await newTenant(operator);
  const made: unknown[] = [];
  for (const name of ["a", "b", "c"]) {
    made.push((await operator("POST", `/v1/tenants/${tenant}/keys`, { name })).body["id"]);
  }
  const first = await operator("GET", `/v1/tenants/${tenant}/keys?limit=2`);
  const second = await operator(
    "GET",
    `/v1/tenants/${tenant}/keys?limit=2&cursor=${String(first.body["next_cursor"])}`,
  );
  const ids = [first, second].flatMap(({ body }) => (body["data"] as { id: string }[]).map((row) => row.id));
  expect(second.body["next_cursor"]).toBeNull();
  expect(ids).toHaveLength(3);
  expect(new Set(ids)).toEqual(new Set(made));
});

test("a key with an end in the past, an unknown model or an unknown field is refused by name", async () => {
  const tenant = await newTenant(operator);
  const wrong = { name: "", models: ["no-such-model"], expires_at: "2020-01-01T00:00:00Z", colour: "red" };
  const { status, body } = await operator("POST", `/v1/tenants/${tenant}/keys`, wrong);
  expect(status).toBe(400);
  const fields = (body["errors"] as { field: string }[]).map(({ field }) => field);
  expect(fields.toSorted()).toEqual(["colour", "models.0", "name"]);
  const past = await operator("POST", `/v1/tenants/${tenant}/keys`, { name: "x", expires_at: "2020-01-01T00:00:00Z" });
  expect(past.status).toBe(400);
  expect(past.body["errors"]).toMatchObject([{ field: "expires_at" }]);
});
