import { beforeAll, expect, test } from "vitest";
import { exportEntries } from "../../../src/audit-log/export-entries.ts";
import { appendEntry, listEntries, verifyChain } from "../../../src/audit-log/index.ts";
import { callerWith, control, migrate, MODEL, operatorKey, secrets, tenantWithKey, type Call } from "./api.ts";
import { begun, count, run, verified } from "./audit-log.ts";

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

test("a run over the operations: each that succeeds has its entry, and no secret is in the tables", async () => {
  const { at, tenant, keyId } = await tenantWithKey(operator);
  const key = { "idempotency-key": "once" };
  const calls: [string, string, unknown?, Record<string, string>?][] = [
    ["PATCH", at, { queue_weight: 2 }],
    ["POST", `${at}/keys`, { name: "second", mode: "test" }],
    ["PATCH", `${at}/keys/${keyId}`, { name: "renamed" }],
    ["POST", `${at}/keys/${keyId}/rotate`, { overlap_seconds: 0 }],
    ["PUT", `${at}/budgets/b`, { scope: { key: keyId }, limit: "3", window: "day" }],
    ["PUT", `${at}/limits/l`, { scope: { tenant: true }, concurrent_jobs: 3 }],
    ["DELETE", `${at}/limits/l`],
    ["POST", `${at}/credit/top-ups`, { amount: "5" }, key],
    ["POST", `${at}/credit/adjustments`, { amount: "-1", reason: "typo" }, key],
    ["PUT", `${at}/credit`, { limit: "7" }],
    ["PUT", `${at}/pricing`, { markup_bps: 100 }],
    ["POST", `${at}/webhooks`, { url: "https://hooks.example.com/x?token=1" }],
    ["POST", `${at}/webhook-secret/rotate`, { overlap_seconds: 0 }],
    ["POST", `${at}/audit`, {}],
    ["PUT", `${at}/audit-log/retention`, { days: 90 }],
    ["DELETE", `${at}/keys/${keyId}`],
    ["PUT", "/v1/models", { model: MODEL, enabled: true }],
    ["PUT", "/v1/pauses/p", { scope: { gateway: true }, reason: "test" }],
    ["DELETE", "/v1/pauses/p"],
    ["POST", "/v1/management-keys", { name: "second" }],
  ];
  const total = () => count("SELECT count(*) AS n FROM audit_entries");
  for (const [method, path, body, headers] of calls) {
    const before = await total();
    const { status, text } = await operator(method, path, body, headers);
    expect(status, `${method} ${path}: ${text}`).toBeLessThan(300);
    expect((await total()) - before, `${method} ${path}`).toBe(1);
  }
  for (const table of ["audit_entries", "audit_intents", "audit_chains"]) {
    const { results } = await control.prepare(`SELECT * FROM ${table}`).all();
    expect(JSON.stringify(results)).not.toMatch(/wg_(live|test|mgmt)_[\w-]{21}|whsec_/);
  }
  const { results } = await control
    .prepare("SELECT action FROM audit_entries WHERE after LIKE '%[redacted]%' OR before LIKE '%[redacted]%'")
    .all();
  expect(results.map(({ action }) => action).sort()).toEqual([
    "POST /management-keys",
    "POST /tenants/{tenant}/keys",
    "POST /tenants/{tenant}/keys",
    "POST /tenants/{tenant}/keys/{key_id}/rotate",
  ]);
  expect([(await verified(tenant)).verified, (await verified("")).verified]).toEqual([true, true]);
});

/** Every statement that is prepared on it, to be run again for how many rows it reads. */
function counting(db: D1Database) {
  const asked: { sql: string; bound: unknown[] }[] = [];
  const prepare = (sql: string) => ({
    bind: (...bound: unknown[]) => (asked.push({ sql, bound }), db.prepare(sql).bind(...bound)),
  });
  const proxy = { prepare, batch: (all: D1PreparedStatement[]) => db.batch(all) } as unknown as D1Database;
  const rowsRead = async (): Promise<number> => {
    const reads = asked.splice(0).filter(({ sql }) => sql.startsWith("select"));
    const answers = await Promise.all(
      reads.map(({ sql, bound }) =>
        db
          .prepare(sql)
          .bind(...bound)
          .all(),
      ),
    );
    return answers.reduce((sum, { meta }) => sum + meta.rows_read, 0);
  };
  return { db: proxy, rowsRead };
}

test("in a chain of 20,000 entries no call reads more than its page", async () => {
  const chain = "c".repeat(12);
  const change = begun(chain, 1);
  await appendEntry(control, secrets, { change, end: { outcome: "done", after: null } }, 1);
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)";
  // The last two are `seen_as` and `who_salt`.
  const rest =
    "id, 'operator:' || (i % 50), actor_name, 'PUT /' || (i % 20), target, ip, user_agent, before, after, outcome, hash, 'operator', who_salt";
  await run(
    `INSERT INTO audit_entries ${numbers} SELECT chain, i, i, i, ${rest} FROM audit_entries, n WHERE chain = ? AND seq = 1`,
    chain,
  );
  await run("UPDATE audit_chains SET seq = 20000 WHERE chain = ?", chain);
  const { db, rowsRead } = counting(control);
  const read = async (does: Promise<unknown>): Promise<number> => (await does, rowsRead());
  const list = (query: object) =>
    read(listEntries(db, { chain, before: null, limit: 50, hidesOperators: false, ...query }));
  expect(await list({})).toBeLessThanOrEqual(110);
  expect(await list({ to: 9_000, from: 100, before: { at: 7_000, seq: 7_000 } })).toBeLessThanOrEqual(110);
  expect(await list({ actor: "operator:7", to: 9_000 })).toBeLessThanOrEqual(110);
  expect(await list({ actor: "operator", hidesOperators: true })).toBeLessThanOrEqual(110);
  expect(await list({ actor: "operator:7", hidesOperators: true })).toBeLessThanOrEqual(5);
  expect(await list({ action: "PUT /7" })).toBeLessThanOrEqual(110);
  expect(await list({ actor: "operator:7", action: "PUT /8" })).toBeLessThanOrEqual(1_010);
  expect(
    await read(verifyChain(db, secrets, { chain, walked: null, noted: { seq: 9, hash: "x" } })),
  ).toBeLessThanOrEqual(510);
  expect(
    await read(exportEntries(db, { chain, format: "csv", hidesOperators: false, from: 9_000, to: 9_100 })),
  ).toBeLessThanOrEqual(10);
  const append = appendEntry(db, secrets, { change: begun(chain), end: { outcome: "done", after: null } }, Date.now());
  expect(await read(append)).toBeLessThanOrEqual(5);
});
