import { beforeAll, expect, test } from "vitest";
import { endSession } from "../../../src/people/index.ts";
import { callerWith, control, migrate, operatorKey, report, reserve, tenantWithKey, type Call } from "./api.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

test("a session works until it is ended, and a change needs its token", async () => {
  const { call, cookie, csrf, session } = await signedIn({ operator: true });
  expect((await call("GET", "/v1/tenants")).status).toBe(200);
  const bare = callerWith(null);
  const refused = await bare("POST", "/v1/tenants", { name: "X" }, { cookie });
  expect([refused.status, refused.body["code"]]).toEqual([403, "forbidden"]);
  expect((await bare("POST", "/v1/tenants", { name: "X" }, { cookie, "x-wavegate-csrf": `${csrf}x` })).status).toBe(
    403,
  );
  expect((await call("POST", "/v1/tenants", { name: "X" })).status).toBe(201);
  expect(await endSession(control, session)).toBe(true);
  expect((await call("GET", "/v1/tenants")).status).toBe(401);
});

test("a person who was disabled is out at once", async () => {
  const { call, person } = await signedIn({ operator: true });
  await control.prepare("UPDATE people SET disabled_at = 1 WHERE id = ?").bind(person).run();
  expect((await call("GET", "/v1/tenants")).status).toBe(401);
});

test("another tenant answers as one that does not exist", async () => {
  const mine = await tenantWithKey(operator);
  const other = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant: mine.tenant, role: "owner" }] });
  expect((await call("GET", mine.at)).status).toBe(200);
  const theirs = await call("GET", other.at);
  const nobodys = await call("GET", "/v1/tenants/000000000009");
  expect(theirs.status).toBe(404);
  expect(theirs.text.replace(other.tenant, "T")).toBe(nobodys.text.replace("000000000009", "T"));
  expect((await call("GET", "/v1/tenants")).status).toBe(403);
});

test("an owner limits parts of the tenant, never what the whole was given", async () => {
  const { tenant, at } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "owner" }] });
  const whole = { scope: { tenant: true }, limit: "10", window: "month" };
  const part = { scope: { team: "trailer" }, limit: "5", window: "month" };
  expect((await operator("PUT", `${at}/budgets/given`, whole)).status).toBe(200);
  expect((await call("PUT", `${at}/budgets/more`, whole)).status).toBe(403);
  // Neither by taking its place with another scope, nor by deleting it.
  expect((await call("PUT", `${at}/budgets/given`, part)).status).toBe(403);
  expect((await call("DELETE", `${at}/budgets/given`)).status).toBe(403);
  expect((await call("PUT", `${at}/budgets/trailer`, part)).status).toBe(200);
  const limit = { scope: { tenant: true }, concurrent_jobs: 5 };
  expect((await operator("PUT", `${at}/limits/given`, limit)).status).toBe(200);
  expect((await call("PUT", `${at}/limits/given`, { ...limit, concurrent_jobs: 50 })).status).toBe(403);
  expect((await call("DELETE", `${at}/limits/given`)).status).toBe(403);
  expect(
    (await call("POST", `${at}/credit/top-ups`, { amount: "5", reason: "x" }, { "idempotency-key": "a" })).status,
  ).toBe(403);
  const { body } = await operator("GET", `${at}/balance`);
  expect(JSON.stringify(body)).toContain('"limit":"10.000000"');
});

test("a member sees the own team alone, and nobody of a tenant sees costs", async () => {
  const made = await tenantWithKey(operator, { team: "trailer" });
  const { at, tenant } = made;
  await operator("POST", `${at}/keys`, { name: "another", team: "posters" });
  await operator("PUT", `${at}/budgets/whole`, { scope: { tenant: true }, limit: "10", window: "month" });
  await operator("PUT", `${at}/budgets/posters`, { scope: { team: "posters" }, limit: "5", window: "month" });
  await operator("PUT", `${at}/budgets/trailer`, { scope: { team: "trailer" }, limit: "5", window: "month" });
  await operator("PUT", `${at}/budgets/key`, { scope: { key: made.keyId }, limit: "5", window: "month" });
  await reserve(tenant, made.key);
  const { call } = await signedIn({ places: [{ tenant, role: "member", team: "trailer" }] });
  const names = async (path: string) =>
    ((await call("GET", path)).body["data"] as { id: string }[]).map(({ id }) => id);
  expect(await names(`${at}/keys`)).toEqual([made.keyId]);
  expect((await names(`${at}/budgets`)).toSorted()).toEqual(["key", "trailer"]);
  const balance = await call("GET", `${at}/balance`);
  expect(balance.text).not.toContain("posters");
  expect((await call("GET", `${at}/jobs?team=posters`)).body["data"]).toEqual([]);
  for (const path of [`${at}/jobs`, `${at}/usage?group_by=team`]) {
    const answer = await call("GET", path);
    expect(answer.status, path).toBe(200);
    expect(answer.text).not.toMatch(/cost|posters/);
  }
  expect((await call("POST", `${at}/keys`, { name: "x" })).status).toBe(403);
});

test("a member without a team does not see what belongs to no team", async () => {
  const made = await tenantWithKey(operator);
  const { at, tenant } = made;
  await operator("PUT", `${at}/budgets/whole`, { scope: { tenant: true }, limit: "10", window: "month" });
  await reserve(tenant, made.key);
  await report
    .prepare(
      `INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
       VALUES (?1, 'live', '2026-01-05', '', 'k', 'a/b', 1, 5, 1, 777000)`,
    )
    .bind(tenant)
    .run();
  const { call } = await signedIn({ places: [{ tenant, role: "member" }] });
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const usage = "usage?group_by=team&from=2026-01-01&to=2026-01-31";
  for (const path of ["jobs", usage]) expect((await owner.call("GET", `${at}/${path}`)).body["data"]).toHaveLength(1);
  for (const path of ["jobs", usage, "keys", "members"]) {
    expect((await call("GET", `${at}/${path}`)).body["data"], path).toEqual([]);
  }
});

test("a person quotes for the own tenant only", async () => {
  const { tenant } = await tenantWithKey(operator);
  const other = await tenantWithKey(operator);
  const { call } = await signedIn({
    places: [
      { tenant, role: "member" },
      { tenant: other.tenant, role: "viewer" },
    ],
  });
  const quote = (of: string) =>
    call("POST", "/v1/quotes", { model: "kwaivgi/kling-v2.0-t2v-master", input: { prompt: "x" }, tenant: of });
  const own = await quote(tenant);
  expect(own.status).toBe(200);
  expect(own.text).not.toContain("cost");
  expect((await quote(other.tenant)).status).toBe(404);
});

test("a person binds a price no longer than a tenant's key does", async () => {
  const { tenant } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "owner" }] });
  const body = { model: "kwaivgi/kling-v2.0-t2v-master", input: { prompt: "x" }, tenant };
  expect((await call("POST", "/v1/quotes", { ...body, valid_seconds: 900 })).status).toBe(200);
  const long = await call("POST", "/v1/quotes", { ...body, valid_seconds: 901 });
  expect(long.body).toMatchObject({ status: 400, errors: [{ field: "valid_seconds" }] });
  const byOperator = await signedIn({ operator: true });
  expect((await byOperator.call("POST", "/v1/quotes", { ...body, valid_seconds: 86_400 })).status).toBe(200);
});
