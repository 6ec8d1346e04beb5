import { beforeAll, expect, test } from "vitest";
import { callerWith, control, migrate, MODEL, newTenant, operatorKey, tenantWithKey, type Call } from "./api.ts";
import { count, entriesOf, run, verified } from "./audit-log.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;
let operatorId: string;

beforeAll(async () => {
  await migrate();
  const { id, key } = await operatorKey();
  operatorId = id;
  operator = callerWith(key);
});

const budget = (limit: string) => ({ scope: { tenant: true }, limit, window: "month" });

test("a change tells who, what, from where, before and after", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}`;
  const from = { "cf-connecting-ip": "198.51.100.7", "user-agent": "test agent" };
  await operator("PUT", `${at}/budgets/month`, budget("10"), from);
  await operator("PUT", `${at}/budgets/month`, budget("20"), from);
  await operator("DELETE", `${at}/budgets/month`, undefined, from);
  const [gone, changed, made] = await entriesOf(operator, at);
  expect(made).toMatchObject({ seq: 1, before: null, after: { id: "month", limit: "10.000000" }, outcome: "done" });
  expect(changed).toMatchObject({ seq: 2, before: { limit: "10.000000" }, after: { limit: "20.000000" } });
  expect(gone).toMatchObject({
    seq: 3,
    actor: `operator:${operatorId}`,
    actor_name: "test",
    action: "DELETE /tenants/{tenant}/budgets/{budget_id}",
    target: `${at}/budgets/month`,
    ip: "198.51.100.7",
    user_agent: "test agent",
    before: { limit: "20.000000" },
    after: null,
  });
  expect(await verified(tenant)).toMatchObject({ verified: true, head: { seq: 3 } });
  expect(await count("SELECT count(*) AS n FROM audit_intents")).toBe(0);
});

test("a part of a resource shows the resource before; a person has a name and an address", async () => {
  const { tenant, at, keyId } = await tenantWithKey(operator);
  const { call, person } = await signedIn({ places: [{ tenant, role: "owner" }] });
  expect((await call("POST", `${at}/keys/${keyId}/rotate`, { overlap_seconds: 60 })).status).toBe(200);
  const [rotated, issued] = await entriesOf(call, at);
  expect(rotated).toMatchObject({ actor: `person:${person}`, before: { id: keyId }, after: { id: keyId } });
  expect(rotated?.["actor_name"]).toBe(`Person ${person} <${person}@example.com>`);
  expect(rotated?.after?.["key"]).toBe("[redacted]");
  expect(issued).toMatchObject({ action: "POST /tenants/{tenant}/keys", before: null, after: { id: keyId } });
});

test("a model that is switched off shows how it was", async () => {
  const switchTo = (enabled: boolean) => operator("PUT", "/v1/models", { model: MODEL, enabled });
  for (const enabled of [false, true]) expect((await switchTo(enabled)).status).toBe(200);
  const [on, off] = await entriesOf(operator, "/v1");
  expect([off?.before, off?.after]).toMatchObject([
    { id: MODEL, enabled: true },
    { model: MODEL, enabled: false },
  ]);
  expect([on?.before, on?.after]).toMatchObject([{ id: MODEL, enabled: false }, { enabled: true }]);
});

test("what is refused, only asked, or was done before leaves no entry", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}`;
  const topUp = () =>
    operator("POST", `${at}/credit/top-ups`, { amount: "5", reason: "invoice 7" }, { "idempotency-key": `k${tenant}` });
  expect((await topUp()).status).toBe(200);
  expect((await topUp()).headers.get("idempotency-replayed")).toBe("true");
  expect((await operator("DELETE", `${at}/budgets/none`)).status).toBe(404);
  expect((await operator("PUT", `${at}/budgets/month`, { ...budget("1"), more: 1 })).status).toBe(400);
  expect((await operator("POST", `${at}/audit-log/verify`, {})).status).toBe(200);
  expect((await callerWith(null)("PUT", `${at}/budgets/month`, budget("1"))).status).toBe(401);
  const entries = await entriesOf(operator, at);
  expect(entries.map(({ action }) => action)).toEqual(["POST /tenants/{tenant}/credit/top-ups"]);
  expect(entries[0]?.after).toMatchObject({ balance: "5.000000", asked: { amount: "5", reason: "invoice 7" } });
  expect(await count("SELECT count(*) AS n FROM audit_intents")).toBe(0);
});

test("50 changes at once leave 50 entries and an unbroken chain", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}`;
  const puts = Array.from({ length: 50 }, (_, n) => operator("PUT", `${at}/budgets/b${n}`, budget("1")));
  expect(new Set((await Promise.all(puts)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(await verified(tenant)).toMatchObject({ verified: true, head: { seq: 50 } });
  expect(await count("SELECT count(DISTINCT target) AS n FROM audit_entries WHERE chain = ?", tenant)).toBe(50);
});

test("the list is paged, and filtered by actor, action and time", async () => {
  const { tenant, at } = await tenantWithKey(operator);
  const { call, person } = await signedIn({ places: [{ tenant, role: "admin" }] });
  for (const n of [1, 2, 3]) await operator("PUT", `${at}/budgets/b${n}`, budget("1"));
  for (const n of [1, 2]) await call("POST", `${at}/keys`, { name: `k${n}` });
  const seqs = async (query: string) => (await entriesOf(call, at, query)).map(({ seq }) => seq);
  expect(await seqs("")).toEqual([6, 5, 4, 3, 2, 1]);
  const { body } = await call("GET", `${at}/audit-log?limit=4`);
  expect(await seqs(`?limit=4&cursor=${body["next_cursor"]}`)).toEqual([2, 1]);
  const keys = encodeURIComponent("POST /tenants/{tenant}/keys");
  expect(await seqs(`?actor=person:${person}`)).toEqual([6, 5]);
  expect(await seqs(`?action=${keys}`)).toEqual([6, 5, 1]);
  expect(await seqs(`?action=${keys}&actor=operator`)).toEqual([1]);
  const byOperator = `?action=${keys}&actor=operator:${operatorId}`;
  expect((await entriesOf(operator, at, byOperator)).map(({ seq }) => seq)).toEqual([1]);
  await run("UPDATE audit_entries SET at = seq * 1000 WHERE chain = ?", tenant);
  expect(await seqs("?from=1970-01-01T00:00:02Z&to=1970-01-01T00:00:04Z")).toEqual([3, 2]);
  expect((await call("GET", `${at}/audit-log?cursor=eHh4`)).body["errors"]).toMatchObject([{ field: "cursor" }]);
  expect((await operator("GET", `/v1/audit-log?tenant=${tenant}&limit=1`)).body["data"]).toMatchObject([{ seq: 6 }]);
});

test("nobody of a tenant fills the log: changes have a limit, operators' do not", async () => {
  const { tenant, at } = await tenantWithKey(operator);
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const change = (call: Call) => call("PUT", `${at}/teams/film`, { description: "x" });
  expect((await change(owner.call)).status).toBe(200);
  await run("UPDATE attempts SET tries = 600");
  const refused = await change(owner.call);
  expect([refused.status, refused.headers.has("retry-after")]).toEqual([429, true]);
  expect((await change(operator)).status).toBe(200);
  expect((await change((await signedIn({ operator: true })).call)).status).toBe(200);
  expect(await entriesOf(owner.call, at, "?action=PUT+/tenants/{tenant}/teams/{team}")).toHaveLength(3);
});

test("the gateway has a chain of its own, which operators alone see; viewers see none", async () => {
  const { tenant, at } = await tenantWithKey(operator);
  const [made] = await entriesOf(operator, "/v1");
  expect(made).toMatchObject({ action: "POST /tenants", after: { id: tenant } });
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const other = await signedIn({ places: [{ tenant: await newTenant(operator), role: "owner" }] });
  expect((await viewer.call("GET", `${at}/audit-log`)).status).toBe(403);
  expect((await owner.call("GET", "/v1/audit-log")).status).toBe(403);
  expect((await owner.call("GET", `${at}/audit-log`)).status).toBe(200);
  expect((await other.call("GET", `${at}/audit-log`)).status).toBe(404);
  expect((await operator("GET", "/v1/tenants/0000000000ff/audit-log")).status).toBe(404);
});

test("the calls answer what the chain is, and export it", async () => {
  const { tenant, at } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/b`, budget("1"), { "user-agent": "=cmd()" });
  const { body } = await operator("POST", `${at}/audit-log/verify`, {});
  expect(body).toMatchObject({ verified: true, entries: 2, from_seq: 1, head_seq: 2, broken: null, next_cursor: null });
  const noted = { seq: 2, hash: body["head_hash"] };
  expect((await operator("POST", `${at}/audit-log/verify`, { noted })).body["verified"]).toBe(true);
  const forged = { seq: 2, hash: "0".repeat(64) };
  expect((await operator("POST", `${at}/audit-log/verify`, { noted: forged })).body["broken"]).toMatchObject({
    seq: 2,
  });
  const get = (query: string) => operator("GET", `${at}/audit-log/export${query}`);
  const lines = (await get("")).text.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { previous_hash: "0".repeat(64), tenant, seq: 1 },
    { seq: 2, hash: body["head_hash"], user_agent: "=cmd()" },
  ]);
  const csv = await get("?format=csv");
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const rows = csv.text.split("\r\n");
  expect(rows).toHaveLength(4);
  expect(rows[2]).toContain(",'=cmd(),");
  expect((await get("?from=2999-01-01T00:00:00Z")).text).toBe("");
});

test("no secret is in the tables after all that was made above", async () => {
  await operator("POST", "/v1/management-keys", { name: "another" });
  for (const table of ["audit_entries", "audit_intents", "audit_chains"]) {
    const { results } = await control.prepare(`SELECT * FROM ${table}`).all();
    expect(JSON.stringify(results)).not.toMatch(/wg_(live|test|mgmt)_[\w-]{21}|whsec_/);
  }
});
