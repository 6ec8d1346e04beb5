import { beforeAll, expect, test } from "vitest";
import { callerWith, migrate, operatorKey, tenantWithKey, type Call } from "./api.ts";
import { signedIn } from "./signed-in.ts";

const T2V = "kwaivgi/kling-v2.0-t2v-master";
const INPUT = { prompt: "a lighthouse at dusk", duration: "5" };

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const run = (call: Call, at: string, body: object, idempotencyKey: string = crypto.randomUUID()) =>
  call("POST", `${at}/jobs`, { model: T2V, input: INPUT, ...body }, { "idempotency-key": idempotencyKey });

test("a person runs a job by a key of the own, which budgets bind and operators can revoke", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const { call, person } = await signedIn({ places: [{ tenant, role: "member", team: "trailer" }] });
  const unfunded = await run(call, at, { mode: "live" });
  expect([unfunded.status, unfunded.body["code"]]).toEqual([402, "no_budget"]);
  await operator("PUT", `${at}/budgets/whole`, { scope: { tenant: true }, limit: "5", window: "month" });
  await operator("PUT", `${at}/budgets/trailer`, { scope: { team: "trailer" }, limit: "2", window: "month" });
  const first = await run(call, at, { mode: "live" });
  expect(first.status, first.text).toBe(201);
  const second = await run(call, at, { mode: "live" });
  expect([second.status, second.body["code"]]).toEqual([402, "budget_exceeded"]);
  expect(second.body["details"]).toMatchObject({ limit: "2.000000", price: "1.300000" });

  const keys = (await operator("GET", `${at}/keys`)).body["data"] as { id: string; name: string; team: string }[];
  const own = keys.filter(({ name }) => name === `Console: Person ${person}`.slice(0, 100));
  expect(own.map(({ team }) => team)).toEqual(["trailer"]);
  await operator("DELETE", `${at}/keys/${own[0]?.id ?? ""}`);
  const revoked = await run(call, at, { mode: "live" });
  expect([revoked.status, revoked.body["code"]]).toEqual([401, "key_revoked"]);
});

test("nobody gets a person's console key in hand, nor calls another key so", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "member", team: "trailer" }] });
  const admin = await signedIn({ places: [{ tenant, role: "admin" }] });
  expect((await run(call, at, {})).status).toBe(201);
  const keys = (await operator("GET", `${at}/keys`)).body["data"] as { id: string; name: string }[];
  const own = keys.find(({ name }) => name.startsWith("Console:"))?.id ?? "";
  expect((await admin.call("POST", `${at}/keys/${own}/rotate`, { overlap_seconds: 0 })).status).toBe(409);
  const named = await admin.call("POST", `${at}/keys`, { name: "Console: somebody" });
  expect([named.status, named.body["code"]]).toEqual([400, "invalid_request"]);
  expect((await run(call, at, {})).status).toBe(201);
});

test("an operator's key is among the tenant's as an operator's, without a name", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const olga = await signedIn({ operator: true });
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  expect((await run(olga.call, at, {})).status).toBe(201);
  const keys = await owner.call("GET", `${at}/keys`);
  expect(keys.text).toContain('"Console: operator"');
  expect(keys.text).not.toContain(olga.person);
});

test("a member without a team runs nothing, since nobody but others could see it", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "member" }] });
  const refused = await run(call, at, {});
  expect([refused.status, refused.body["code"]]).toEqual([403, "forbidden"]);
});

test("the same Idempotency-Key is the same job, and one is needed", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "admin" }] });
  const one = await run(call, at, {}, "once");
  const again = await run(call, at, {}, "once");
  expect([one.status, again.body["id"]]).toEqual([201, one.body["id"]]);
  expect((await call("POST", `${at}/jobs`, { model: T2V, input: INPUT })).status).toBe(400);
});

test("ten first runs at once make one key", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "owner" }] });
  const runs = await Promise.all(Array.from({ length: 10 }, () => run(call, at, {})));
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set([201]));
  const keys = (await operator("GET", `${at}/keys`)).body["data"] as { name: string }[];
  expect(keys.filter(({ name }) => name.startsWith("Console:"))).toHaveLength(1);
});

test("wrong inputs are named by field, as the tenant API does", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "admin" }] });
  const wrong = await run(call, at, { input: { prompt: "x", duration: "7", colour: "red" } });
  expect(wrong.status).toBe(400);
  const fields = (wrong.body["errors"] as { field: string }[]).map(({ field }) => field);
  expect(fields.toSorted()).toEqual(["colour", "duration"]);
});

test("a viewer runs nothing, a management key neither, and another tenant is none", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  expect((await run(viewer.call, at, {})).status).toBe(403);
  expect((await run(operator, at, {})).status).toBe(403);
  const stranger = await signedIn({ places: [] });
  expect((await run(stranger.call, at, {})).status).toBe(404);
});

test("the models that can be run come with the tenant's own price and a schema for a form", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  await operator("PUT", `${at}/pricing`, { markup_bps: 1000 });
  const { call } = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const { body, text } = await call("GET", `${at}/models?limit=100`);
  const models = body["data"] as { id: string; unit_price: string; input_schema: { properties: object } }[];
  const model = models.find(({ id }) => id === T2V);
  expect(model?.unit_price).toBe("0.286000");
  expect(Object.keys(model?.input_schema.properties ?? {})).toContain("prompt");
  expect(text).not.toContain("cost");
});

test("a member cancels what the own team waits for, and knows of no other job", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const mine = await signedIn({ places: [{ tenant, role: "member", team: "trailer" }] });
  const other = await signedIn({ places: [{ tenant, role: "member", team: "posters" }] });
  const { body } = await run(mine.call, at, {});
  const cancel = (call: Call, job: unknown) => call("POST", `${at}/jobs/${String(job)}/cancel`);
  const foreign = await cancel(other.call, body["id"]);
  expect([foreign.status, foreign.body["code"]]).toEqual([404, "job_not_found"]);
  expect((await cancel(mine.call, `${tenant}${"0".repeat(20)}`)).status).toBe(404);
  expect([200, 409]).toContain((await cancel(mine.call, body["id"])).status);
});
