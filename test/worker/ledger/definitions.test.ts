import { randomBytes } from "node:crypto";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { ChangeInput, ChangeKind } from "../../../src/ledger/changes.ts";
import { Definitions } from "../../../src/ledger/definitions.ts";
import { readRevision } from "../../../src/ledger/tenant-store.ts";
import type { Admission, TenantLedgerApi } from "../../../src/ledger/types.ts";
import { newKey, newTenant, PRICE, rate, request, stubOf, T2V, WHOLE, type TestTenant } from "./tenant.ts";

const ROLLED_BACK = new Error("rolled back");
const LIMIT = {
  id: "few",
  mode: "live",
  scope: { kind: "tenant" },
  requestsPerMinute: null,
  burst: null,
  concurrentJobs: 1,
  submitsPerDay: null,
} as const;

/** A tenant whose ledger has its definitions in memory: a job was admitted and settled in this instance. */
async function warmTenant(): Promise<TestTenant> {
  const tenant = await newTenant(100 * PRICE);
  for (let n = 0; n < 2; n++) expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ ok: true });
  return tenant;
}

const inside = <T>(
  { id }: TestTenant,
  work: (ledger: TenantLedgerApi, storage: DurableObjectStorage) => T | Promise<T>,
) => runInDurableObject(stubOf(id), (object, { storage }) => work(object as unknown as TenantLedgerApi, storage));

const refusedWith = (code: string) => ({ ok: false, error: { code } });

describe("a change acts on the next submit in the same instance", () => {
  const key = ({ caller }: TestTenant) => ({ id: caller.keyId });
  const change =
    <K extends ChangeKind>(kind: K, input: (tenant: TestTenant) => ChangeInput<K>) =>
    async (tenant: TestTenant) =>
      expect(await tenant.ledger.change(kind, input(tenant))).toMatchObject({ ok: true });
  const secret = () => ({ hash: randomBytes(32).toString("hex"), prefix: "wg_live_BAAA", secretVersion: 1 });
  const rows: [string, (tenant: TestTenant) => Promise<void>, string][] = [
    ["a key is revoked", change("revoke_key", key), "key_revoked"],
    ["it is disabled", change("update_key", (t) => ({ ...key(t), patch: { disabled: true } })), "key_disabled"],
    ["it expires", change("update_key", (t) => ({ ...key(t), patch: { expiresAt: 1 } })), "key_expired"],
    ["its models", change("update_key", (t) => ({ ...key(t), patch: { models: [] } })), "model_not_allowed"],
    ["its scopes", change("update_key", (t) => ({ ...key(t), patch: { scopes: ["read"] } })), "scope_missing"],
    ["it is rotated", change("rotate_key", (t) => ({ ...key(t), secret: secret(), overlapSeconds: 0 })), "key_expired"],
    ["a budget is lowered", change("put_budget", () => ({ ...WHOLE, limitMicros: PRICE })), "budget_exceeded"],
    ["it is deleted", change("delete_budget", () => ({ id: WHOLE.id })), "no_budget"],
    [
      "one of the key is put",
      change("put_budget", ({ caller }) => ({ ...WHOLE, id: "k", scope: { kind: "key", key: caller.keyId } })),
      "budget_exceeded",
    ],
    ["a limit is put", change("put_limit", () => LIMIT), "too_many_jobs"],
    ["the tenant is suspended", change("set_status", () => ({ status: "suspended", reason: "" })), "tenant_suspended"],
  ];
  test.each(rows)("%s", async (_name, act, code) => {
    const tenant = await warmTenant();
    await act(tenant);
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject(refusedWith(code));
  });

  test("a limit is deleted, a key goes to another team, prices change", async () => {
    const { ledger, caller } = await warmTenant();
    await ledger.change("put_limit", LIMIT);
    expect(await ledger.reserve(request(caller))).toMatchObject(refusedWith("too_many_jobs"));
    await ledger.change("delete_limit", { id: LIMIT.id });
    await ledger.change("update_key", { id: caller.keyId, patch: { team: "film" } });
    await ledger.change("set_pricing", { markupBps: 10_000, models: {} });
    const job = { team: "film", priceMicros: 2 * PRICE };
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true, value: { job } });
  });

  test("how its jobs are treated", async () => {
    const { ledger, caller } = await warmTenant();
    const handling = { queueWeight: 7, keepInputsDays: 3 };
    await ledger.change("set_handling", handling);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true, handling });
  });

  test("what it may upload", async () => {
    const { ledger, caller } = await warmTenant();
    const uploads = { bytesMax: 5, types: ["image/*"] };
    await ledger.change("set_uploads", uploads);
    expect(await ledger.authenticate(caller)).toMatchObject({ ok: true, value: { tenant: { uploads } } });
  });

  test("who is to be told how its jobs end; an older word does not undo a newer one", async () => {
    const { ledger, caller } = await warmTenant();
    const told = async () => (await ledger.reserve(request(caller))).handling.webhookEndpoints;
    expect(await told()).toBe(0);
    await ledger.change("set_webhooks", { endpoints: 2, version: 3 });
    expect(await told()).toBe(2);
    await ledger.change("set_webhooks", { endpoints: 0, version: 2 });
    expect(await told()).toBe(2);
    await ledger.change("set_webhooks", { endpoints: 0, version: 4 });
    expect(await told()).toBe(0);
  });

  test("a newer price was used: an older one does not come back", async () => {
    const { ledger, caller } = await warmTenant();
    expect(await ledger.reserve(request(caller, { rates: [rate(2, 0, PRICE)] }))).toMatchObject({ ok: true });
    expect(await ledger.reserve(request(caller))).toMatchObject(refusedWith("settings_stale"));
  });

  test("the sandbox's own budget is made, and replaced by one that was given", async () => {
    const { ledger } = await warmTenant();
    const caller = await newKey(ledger, "test");
    for (let n = 1; n <= 3; n++) {
      expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
      expect((await ledger.budgets())[0]).toMatchObject({ id: "sandbox-default", heldJobs: n, heldMicros: n * PRICE });
    }
    await ledger.change("put_budget", { ...WHOLE, id: "given", mode: "test", limitMicros: 3 * PRICE });
    expect(await ledger.reserve(request(caller))).toMatchObject(refusedWith("budget_exceeded"));
  });

  test("a job that was admitted before a budget was put is counted out of it", async () => {
    const { ledger, caller } = await warmTenant();
    const admitted = await ledger.reserve(request(caller));
    await ledger.change("put_budget", { ...WHOLE, id: "late", scope: { kind: "model", model: T2V }, limitMicros: 1 });
    const jobId = admitted.ok ? admitted.value.job.jobId : "";
    await ledger.settle({ jobId, action: "release", outcome: "failed", reason: "" });
    expect((await ledger.budgets())[0]).toMatchObject({ id: "late", heldJobs: 2 });
  });
});

describe("a transaction that is rolled back leaves nothing in memory", () => {
  const budgetBecomes = (sql: SqlStorage, limitMicros: number) =>
    sql.exec("UPDATE budgets SET limit_micros = ?", limitMicros);

  /** Changes a definition, submits under it, and takes both back. */
  const takeBack = (tenant: TestTenant, change: (sql: SqlStorage) => void): Promise<Admission | undefined> =>
    inside(tenant, async (ledger, storage) => {
      const seen: Promise<Admission>[] = [];
      const attempt = () =>
        storage.transactionSync(() => {
          change(storage.sql);
          seen.push(ledger.reserve(request(tenant.caller)));
          throw ROLLED_BACK;
        });
      expect(attempt).toThrow(ROLLED_BACK);
      return seen[0];
    });

  test("what it saw is not seen after it", async () => {
    const tenant = await warmTenant();
    const { ledger, caller } = tenant;
    expect(await takeBack(tenant, (sql) => budgetBecomes(sql, 1))).toMatchObject(refusedWith("budget_exceeded"));
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    const seen = await takeBack(tenant, (sql) => void sql.exec("UPDATE keys SET revoked_at = 1"));
    expect(seen).toMatchObject(refusedWith("key_revoked"));
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("nor is it taken for what the next change makes", async () => {
    const tenant = await warmTenant();
    const { ledger, caller } = tenant;
    await ledger.change("put_budget", { ...WHOLE, limitMicros: 2 * PRICE });
    expect(await takeBack(tenant, (sql) => budgetBecomes(sql, 1_000 * PRICE))).toMatchObject({ ok: true });
    await ledger.change("set_pricing", { markupBps: 0, models: {} });
    expect(await ledger.reserve(request(caller))).toMatchObject(refusedWith("budget_exceeded"));
  });

  test("nor what was read in it after a change under the revision it began with", async () => {
    const tenant = await warmTenant();
    await inside(tenant, (_ledger, { sql }) => {
      const definitions = new Definitions(sql);
      const revision = readRevision(sql);
      definitions.at(revision);
      sql.exec("UPDATE tenant SET status = 'suspended'");
      expect(definitions.terms().tenant.status).toBe("suspended");
      sql.exec("UPDATE tenant SET status = 'active'");
      sql.exec("UPDATE tenant SET revision = ?", revision);
      expect(definitions.terms().tenant.status).toBe("active");
    });
  });
});

test("every statement that changes a definition gives another revision, and no counter does", async () => {
  const tenant = await warmTenant();
  const { ledger, caller } = tenant;
  await ledger.change("put_limit", { ...LIMIT, concurrentJobs: null, submitsPerDay: 1_000 });
  const revisions = new Set<number>();
  await inside(tenant, (_ledger, { sql }) => {
    revisions.add(readRevision(sql));
    const changes = [
      "UPDATE tenant SET name = 'other'",
      "UPDATE tenant SET time_zone = 'Europe/Berlin'",
      "UPDATE tenant SET status_reason = 'none'",
      "UPDATE tenant SET pricing = pricing",
      "UPDATE tenant SET rate_versions = rate_versions",
      "UPDATE tenant SET allowed_origins = '[]'",
      "UPDATE tenant SET webhook_endpoints = 1",
      "INSERT INTO keys (id, name, mode, created_at) VALUES ('k', 'k', 'live', 1)",
      "UPDATE keys SET last_used_at = 1 WHERE id = 'k'",
      "DELETE FROM keys WHERE id = 'k'",
      "INSERT INTO key_secrets (hash, key_id, prefix, secret_version, created_at) VALUES ('h', 'k', '', 1, 1)",
      "UPDATE key_secrets SET expires_at = 1 WHERE hash = 'h'",
      "DELETE FROM key_secrets WHERE hash = 'h'",
      "INSERT INTO budgets SELECT 'copy', mode, scope_key, scope, window, limit_micros, time_zone, thresholds FROM budgets",
      "UPDATE budgets SET limit_micros = 1 WHERE id = 'copy'",
      "DELETE FROM budgets WHERE id = 'copy'",
      "INSERT OR REPLACE INTO limits SELECT * FROM limits",
      "DELETE FROM limits",
    ];
    for (const [index, change] of changes.entries()) {
      sql.exec(change);
      revisions.add(readRevision(sql));
      expect(revisions.size, change).toBe(index + 2);
    }
  });
  await ledger.change("put_limit", { ...LIMIT, concurrentJobs: null, submitsPerDay: 1_000 });
  const before = await inside(tenant, (_ledger, { sql }) => readRevision(sql));
  const admitted = await ledger.reserve(request(caller));
  const jobId = admitted.ok ? admitted.value.job.jobId : "";
  await ledger.settle({ jobId, action: "capture", outcome: "completed", reason: "" });
  expect(await inside(tenant, (_ledger, { sql }) => readRevision(sql))).toBe(before);
});
