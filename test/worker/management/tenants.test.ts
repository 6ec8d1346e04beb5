import { sessionLookup } from "../../../src/people/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { accountObjectOf, waveSpeedOf } from "../../../src/accounts/account-of.ts";
import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { Env } from "../../../src/config.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { makeTenant } from "../../../src/management/index.ts";
import { findTenant } from "../../../src/settings/index.ts";
import { deskOf } from "../../../src/webhooks/desk-of.ts";
import { callerWith, control, migrate, newTenant, operatorKey, random, report, secrets, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const bindings = env as unknown as Env;
const ledger = (id: string) => ledgerOf(bindings, id);

async function hasLedger(id: string): Promise<boolean> {
  const wanted = bindings.TENANT_LEDGER.idFromName(id);
  return (await listDurableObjectIds(bindings.TENANT_LEDGER)).some((found) => found.equals(wanted));
}

test("a tenant is made with its ledger, and shown", async () => {
  const made = await operator("POST", "/v1/tenants", { name: "  Acme  ", time_zone: "Europe/Berlin" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ name: "Acme", time_zone: "Europe/Berlin", status: "active", reason: null });
  const id = String(made.body["id"]);
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(await ledger(id).describe()).toMatchObject({ tenant: id, name: "Acme", timeZone: "Europe/Berlin" });
  expect((await operator("GET", `/v1/tenants/${id}`)).body).toEqual(made.body);
});

test("the same Idempotency-Key makes one tenant, however many ask at once", async () => {
  const header = { "idempotency-key": `retry-${crypto.randomUUID()}` };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => operator("POST", "/v1/tenants", { name: "Once" }, header)),
  );
  expect(new Set(answers.map(({ body }) => body["id"])).size).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const repeats = answers.filter(({ status }) => status === 200);
  expect(repeats).toHaveLength(7);
  expect(repeats.every(({ headers }) => headers.get("idempotency-replayed") === "true")).toBe(true);
  const other = await operator("POST", "/v1/tenants", { name: "Other" }, header);
  expect(other.status).toBe(409);
  expect(other.body["code"]).toBe("idempotency_conflict");
});

test("without an Idempotency-Key, or with another one, two calls make two tenants", async () => {
  const ids = [await newTenant(operator, "Twin"), await newTenant(operator, "Twin")];
  const keyed = await Promise.all(
    ["a", "b"].map((key) => operator("POST", "/v1/tenants", { name: "Twin" }, { "idempotency-key": key + ids[0] })),
  );
  expect(new Set([...ids, ...keyed.map(({ body }) => body["id"])]).size).toBe(4);
});

test("the same chosen id makes one tenant; with another name it is a conflict", async () => {
  const id = Buffer.from(random(6)).toString("hex");
  expect((await operator("POST", "/v1/tenants", { name: "Chosen", id })).status).toBe(201);
  expect((await operator("POST", "/v1/tenants", { name: "Chosen", id })).status).toBe(200);
  const taken = await operator("POST", "/v1/tenants", { name: "Else", id });
  expect(taken.status).toBe(409);
  expect(taken.body["code"]).toBe("conflict");
});

test("a failure between ledger and registry is finished by the same request", async () => {
  const idempotencyKey = crypto.randomUUID();
  const away = (): never => {
    throw new Error("D1 is away");
  };
  const services = {
    control: new Proxy(control, { get: (db, name) => (name === "prepare" ? away : Reflect.get(db, name)) }),
    report,
    secrets,
    ledger,
    settings: () => Promise.reject(new Error("not asked")),
    sessions: sessionLookup(control, Date.now),
    tenantApi: () => Promise.reject(new Error("not asked")),
    settingsLeadMs: 0,
    localClientIp: null,
    webhookAllowLoopback: false,
    mail: null,
    access: null,
    waitUntil: () => {},
    publicUrl: null,
    desk: (tenant: string) => deskOf(testEnv, tenant),
    tracker: () => null,
    accounts: [],
    account: () => accountObjectOf(testEnv, { mode: "live", tenant: "", name: null }),
    catalogue: waveSpeedOf(testEnv, { mode: "live", tenant: "", name: null }),
    now: () => Date.now(),
    random,
  };
  const request = { name: "Half", timeZone: "UTC", id: null, idempotencyKey };
  await expect(makeTenant(services, request)).rejects.toThrow();
  const done = await operator("POST", "/v1/tenants", { name: "Half" }, { "idempotency-key": idempotencyKey });
  expect(done.status).toBe(201);
  expect(await findTenant(control, String(done.body["id"]))).not.toBeNull();
});

test("a retry after the secret was rotated finds the tenant of before", async () => {
  const base = {
    control,
    report,
    ledger,
    sessions: sessionLookup(control, Date.now),
    tenantApi: () => Promise.reject(new Error("not asked")),
    settingsLeadMs: 0,
    localClientIp: null,
    webhookAllowLoopback: false,
    mail: null,
    access: null,
    waitUntil: () => {},
    publicUrl: null,
    desk: (tenant: string) => deskOf(testEnv, tenant),
    tracker: () => null,
    accounts: [],
    account: () => accountObjectOf(testEnv, { mode: "live", tenant: "", name: null }),
    catalogue: waveSpeedOf(testEnv, { mode: "live", tenant: "", name: null }),
    now: () => Date.now(),
    random,
  };
  const settings = () => Promise.reject(new Error("not asked"));
  const request = { name: "Rotated", timeZone: "UTC", id: null, idempotencyKey: crypto.randomUUID() };
  const before = await makeTenant({ ...base, settings, secrets }, request);
  const rotated = { newest: { version: 2, secret: "ef".repeat(32) }, previous: secrets.newest };
  const after = await makeTenant({ ...base, settings, secrets: rotated }, request);
  if (!before.ok || !after.ok) throw new Error("refused");
  expect(after.value.info.tenant).toBe(before.value.info.tenant);
  expect(after.value.made).toBe(false);
});

test("tenants are listed page by page, each once, the last page without a cursor", async () => {
  const made = [await newTenant(operator), await newTenant(operator), await newTenant(operator)];
  const seen: string[] = [];
  let cursor = "";
  do {
    const { status, body } = await operator("GET", `/v1/tenants?limit=2${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    const rows = body["data"] as { id: string }[];
    expect(rows.length).toBeLessThanOrEqual(2);
    seen.push(...rows.map((row) => row.id));
    cursor = (body["next_cursor"] as string | null) ?? "";
  } while (cursor !== "");
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(made));
});

test("a tenant that does not exist is 404 on each of its routes, and no ledger is made for it", async () => {
  const id = Buffer.from(random(6)).toString("hex");
  const routes: [string, string, unknown?][] = [
    ["GET", ""],
    ["PATCH", "", { status: "active" }],
    ["GET", "/keys"],
    ["POST", "/keys", { name: "x" }],
    ["GET", `/keys/${"0".repeat(16)}`],
    ["PATCH", `/keys/${"0".repeat(16)}`, { name: "x" }],
    ["POST", `/keys/${"0".repeat(16)}/rotate`, { overlap_seconds: 0 }],
    ["DELETE", `/keys/${"0".repeat(16)}`],
    ["GET", "/budgets"],
    ["PUT", "/budgets/main", { scope: { tenant: true }, limit: "1", window: "total" }],
    ["DELETE", "/budgets/main"],
    ["GET", "/limits"],
    ["PUT", "/limits/main", { scope: { tenant: true }, concurrent_jobs: 1 }],
    ["DELETE", "/limits/main"],
    ["GET", "/credit"],
    ["PUT", "/credit", { limit: "1" }],
    ["DELETE", "/credit"],
    ["POST", "/credit/top-ups", { amount: "1" }],
    ["POST", "/credit/adjustments", { amount: "1", reason: "x" }],
    ["GET", "/pricing"],
    ["PUT", "/pricing", { markup_bps: 0 }],
    ["GET", "/balance"],
    ["GET", "/usage"],
    ["GET", "/jobs"],
    ["POST", "/audit"],
    ["POST", "/audit?full=true"],
    ["GET", `/audits/${"0".repeat(16)}`],
  ];
  for (const [method, path, body] of routes) {
    const answer = await operator(method, `/v1/tenants/${id}${path}`, body, { "idempotency-key": "k" });
    expect(answer.status, `${method} ${path}`).toBe(404);
    expect(answer.body["code"]).toBe("not_found");
  }
  expect((await operator("GET", "/v1/tenants/no-such-tenant")).status).toBe(404);
  expect(await hasLedger(id)).toBe(false);
  expect(await hasLedger(await newTenant(operator))).toBe(true);
});
