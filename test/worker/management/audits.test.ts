import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, migrate, newTenant, operatorKey, type Call, type Json } from "./api.ts";
import { admitted, newKey, request, WHOLE } from "../ledger/tenant.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const FOUND = { consistent: true, captured: "1.300000", held: "1.300000", open_holds: 1, differences: [] };

test("an audit says from where to where it read, and which checkpoint it stands on", async () => {
  const tenant = await newTenant(operator);
  await spend(tenant, { captured: 1, held: 1 });
  const { status, body } = await operator("POST", `/v1/tenants/${tenant}/audit`);
  expect(status).toBe(200);
  expect(body).toEqual({ ...FOUND, entries: 3, from_seq: 1, verified_to_seq: 3, checkpoint: null });
  expect((await operator("POST", `/v1/tenants/${tenant}/audit?full=false`)).status).toBe(200);
  expect((await operator("POST", `/v1/tenants/${tenant}/audit?full=maybe`)).status).toBe(400);
});

test("a full audit is a job: 202, then polled until it has a result", async () => {
  const tenant = await newTenant(operator);
  await spend(tenant, { captured: 1, held: 1 });
  const { status, body } = await operator("POST", `/v1/tenants/${tenant}/audit?full=true`);
  expect(status).toBe(202);
  expect(body).toMatchObject({ full: true, status: "running", target_seq: 3, ended_at: null, result: null });
  const path = `/v1/tenants/${tenant}/audits/${String(body["id"])}`;
  let job: Json = body;
  const stub = testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(tenant));
  for (let alarms = 0; alarms < 20 && job["status"] === "running"; alarms++) {
    await runDurableObjectAlarm(stub);
    job = (await operator("GET", path)).body;
  }
  expect(job).toMatchObject({ status: "completed", seq: 3, message: null });
  expect(job["result"]).toMatchObject({
    ...FOUND,
    entries: 3,
    from_seq: 1,
    verified_to_seq: 3,
    checkpoint: { seq: 3 },
  });
  expect((await operator("GET", `/v1/tenants/${tenant}/audits/${"0".repeat(16)}`)).status).toBe(404);
  const other = await newTenant(operator);
  expect((await operator("GET", path.replace(tenant, other))).status).toBe(404);
});

/** More than 100 steps of 2,000 rows, in which nothing was captured. */
const MANY_ROWS = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 202000)
  INSERT INTO tag_spend (mode, name, value, bucket, captured_micros) SELECT 'live', 'take', i, 1, 0 FROM n`;

test("an audit that takes longer than a request should goes on as a job, with the same answer in the end", async () => {
  const tenant = await newTenant(operator);
  await spend(tenant, { captured: 1, held: 1 });
  const stub = testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(tenant));
  await runInDurableObject(stub, (_instance, state) => void state.storage.sql.exec(MANY_ROWS));
  const { status, body } = await operator("POST", `/v1/tenants/${tenant}/audit`);
  expect(status).toBe(202);
  expect(body).toMatchObject({ full: false, status: "running", phase: "anchor", target_seq: 3, result: null });
  expect((await operator("POST", `/v1/tenants/${tenant}/audit`)).body).toMatchObject({ id: body["id"] });
  const path = `/v1/tenants/${tenant}/audits/${String(body["id"])}`;
  let job: Json = body;
  for (let alarms = 0; alarms < 150 && job["status"] === "running"; alarms++) {
    await runDurableObjectAlarm(stub);
    job = (await operator("GET", path)).body;
  }
  expect(job).toMatchObject({ full: false, status: "completed", seq: 3, message: null });
  expect(job["result"]).toEqual({ ...FOUND, entries: 3, from_seq: 1, verified_to_seq: 3, checkpoint: null });
});

test("a rebuild walks the registry slice by slice, and the usage is what it was", async () => {
  const tenants = [await newTenant(operator), await newTenant(operator), await newTenant(operator)];
  for (const tenant of tenants) await spend(tenant, { captured: 2, held: 0 });
  await rebuild({});
  const usage = () => Promise.all(tenants.map(async (t) => (await operator("GET", `/v1/tenants/${t}/usage`)).body));
  const before = await usage();
  expect(before[0]).toMatchObject({ total: { jobs: 2, price: "2.600000" } });
  await testEnv.REPORT.prepare("UPDATE usage_days SET price_micros = 1").run();
  expect(await usage()).not.toEqual(before);
  expect(await rebuild({ tenant: tenants[0] })).toMatchObject({ tenants: 1, replayed: 4, problems: [] });
  expect((await usage())[0]).toEqual(before[0]);
  const all = await rebuild({});
  expect(all.tenants).toBeGreaterThanOrEqual(3);
  expect(all.problems).toEqual([]);
  expect(await usage()).toEqual(before);
  expect(await ledgerOf(testEnv, tenants[0] ?? "").entries(0, 1)).toMatchObject({ headSeq: 4 });
});

test("a rebuild refuses what is not its own cursor, and finds nothing to do for nobody", async () => {
  const wrong = await operator("POST", "/v1/report/rebuild", { cursor: "bm9uc2Vuc2U" });
  expect(wrong.status).toBe(400);
  const nobody = await operator("POST", "/v1/report/rebuild", { tenant: "0123456789ab" });
  expect(nobody.body).toEqual({ tenants: 0, replayed: 0, problems: [], next_cursor: null });
});

/** Jobs of 1.300000 each, in the tenant's ledger. */
async function spend(tenant: string, jobs: { captured: number; held: number }): Promise<void> {
  const ledger = ledgerOf(testEnv, tenant);
  const caller = await newKey(ledger, "live");
  await ledger.change("put_budget", { ...WHOLE, limitMicros: 1_000_000_000 });
  const made = [];
  for (let job = 0; job < jobs.captured + jobs.held; job++) made.push(await ledger.reserve(request(caller)));
  for (const jobId of admitted(made).slice(0, jobs.captured)) {
    await ledger.settle({ jobId, action: "capture", outcome: "completed", reason: "" });
  }
}

/** Calls until there is no cursor any more. */
async function rebuild(body: Json): Promise<{ tenants: number; replayed: number; problems: unknown[] }> {
  const done = { tenants: 0, replayed: 0, problems: [] as unknown[] };
  let cursor: unknown = undefined;
  do {
    const { status, body: slice } = await operator("POST", "/v1/report/rebuild", {
      ...body,
      ...(typeof cursor === "string" && { cursor }),
    });
    expect(status).toBe(200);
    done.tenants += Number(slice["tenants"]);
    done.replayed += Number(slice["replayed"]);
    done.problems.push(...(slice["problems"] as unknown[]));
    cursor = slice["next_cursor"];
  } while (cursor !== null);
  return done;
}
