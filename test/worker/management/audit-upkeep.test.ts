import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import {
  appendEntry,
  beginChange,
  keepAuditLog,
  listEntries,
  setRetention,
  verifyChain,
} from "../../../src/audit-log/index.ts";
import { exportEntries } from "../../../src/audit-log/export-entries.ts";
import worker from "../../../src/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { explaining } from "../reporting/databases.ts";
import { callerWith, control, migrate, newTenant, operatorKey, random, secrets, type Call } from "./api.ts";
import { begun, count, entriesOf, run, verified } from "./audit-log.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NOW = Date.now();

let operator: Call;

beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const newChain = (): string => Buffer.from(random(6)).toString("hex");
const append = (chain: string, at: number) =>
  appendEntry(control, secrets, { change: begun(chain, at), end: { outcome: "done", after: null } }, at);

test("a change that nobody ended is told as unknown by the cron, once", async () => {
  const chain = newChain();
  const change = begun(chain, NOW - 6 * MINUTE_MS);
  await beginChange(control, change);
  await beginChange(control, begun(chain, NOW - 4 * MINUTE_MS));
  const runs = await Promise.all([keepAuditLog(control, secrets, NOW), keepAuditLog(control, secrets, NOW)]);
  expect(runs.map(({ unknown }) => unknown).sort()).toEqual([0, 1]);
  const { entries } = await listEntries(control, { chain, before: null, limit: 10, hidesOperators: false });
  expect(entries).toMatchObject([{ seq: 1, id: change.id, outcome: "unknown", after: null, begunAt: change.begunAt }]);
  await run("DELETE FROM audit_intents");
});

test("a Worker that dies between change and entry leaves its intent, and the Worker's cron tells it", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}`;
  // The chain cannot be written: as after a crash, the change is made and answered, and has no entry.
  await run("CREATE TRIGGER stop BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'stopped'); END");
  const put = await operator("PUT", `${at}/budgets/b`, { scope: { tenant: true }, limit: "1", window: "month" });
  await run("DROP TRIGGER stop");
  expect(put.status).toBe(200);
  expect(await entriesOf(operator, at)).toEqual([]);
  await run("UPDATE audit_intents SET at = at - ?", 6 * MINUTE_MS);
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), testEnv, context);
  await waitOnExecutionContext(context);
  expect(await entriesOf(operator, at)).toMatchObject([{ outcome: "unknown", target: `${at}/budgets/b`, after: null }]);
  expect(await count("SELECT count(*) AS n FROM audit_intents")).toBe(0);
});

test("without its intent no change is made", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}`;
  await run("CREATE TRIGGER stop BEFORE INSERT ON audit_intents BEGIN SELECT RAISE(ABORT, 'stopped'); END");
  const put = await operator("PUT", `${at}/budgets/b`, { scope: { tenant: true }, limit: "1", window: "month" });
  await run("DROP TRIGGER stop");
  expect(put.status).toBe(503);
  expect((await operator("GET", `${at}/budgets`)).body["data"]).toEqual([]);
});

test("what is too old goes, in slices, and the rest still verifies", async () => {
  const chain = newChain();
  const first = NOW - 40 * DAY_MS;
  await append(chain, first);
  // As appending would make them, but faster.
  for (let n = 1; n < 8; n++) await append(chain, first + n * DAY_MS);
  for (let n = 0; n < 3; n++) await append(chain, NOW - n);
  expect((await keepAuditLog(control, secrets, NOW)).deleted).toBe(0);
  await setRetention(control, secrets, { chain, days: 35 });
  expect((await keepAuditLog(control, secrets, NOW)).deleted).toBe(6);
  expect(await verified(chain)).toMatchObject({ verified: true, fromSeq: 7, head: { seq: 11 } });
  expect((await keepAuditLog(control, secrets, NOW)).deleted).toBe(0);
  expect((await keepAuditLog(control, secrets, NOW + DAY_MS)).deleted).toBe(1);
  expect((await keepAuditLog(control, secrets, NOW + 99 * DAY_MS)).deleted).toBe(4);
  expect(await verified(chain)).toMatchObject({ verified: true, head: { seq: 11 } });
  await append(chain, NOW + 100 * DAY_MS);
  expect(await verified(chain)).toMatchObject({ verified: true, fromSeq: 12, head: { seq: 12 } });
  expect((await keepAuditLog(control, secrets, NOW + 136 * DAY_MS)).deleted).toBe(1);
});

test("an owner sets the retention, which is itself an entry; the cron deletes nothing of a head that is not ours", async () => {
  const tenant = await newTenant(operator);
  const at = `/v1/tenants/${tenant}/audit-log`;
  expect((await operator("PUT", `${at}/retention`, { days: 29 })).body["errors"]).toMatchObject([{ field: "days" }]);
  expect((await operator("PUT", `${at}/retention`, { days: 30 })).body).toEqual({ days: 30 });
  expect((await operator("GET", `${at}/retention`)).body).toEqual({ days: 30 });
  expect((await operator("PUT", "/v1/audit-log/retention", { days: null })).body).toEqual({ days: null });
  expect(await entriesOf(operator, `/v1/tenants/${tenant}`)).toMatchObject([
    { before: { days: null }, after: { days: 30 } },
  ]);
  await run("UPDATE audit_chains SET at = 0 WHERE chain = ?", tenant);
  const kept = await keepAuditLog(control, secrets, NOW + 31 * DAY_MS);
  expect([kept.deleted, kept.unsealed]).toEqual([0, [tenant]]);
});

test("heads are sealed anew after the secret was rotated, but for those that were not ours", async () => {
  const [ours, forged] = [newChain(), newChain()];
  await append(ours, NOW);
  await append(forged, NOW);
  await run("UPDATE audit_chains SET at = at + 1 WHERE chain = ?", forged);
  const rotated = { newest: { version: 2, secret: "cd".repeat(32) }, previous: secrets.newest };
  await control.prepare("DELETE FROM audit_chains WHERE chain NOT IN (?, ?)").bind(ours, forged).run();
  expect((await keepAuditLog(control, rotated, NOW)).unsealed).toEqual([forged]);
  const later = { newest: rotated.newest, previous: null };
  const check = async (chain: string) =>
    (await verifyChain(control, later, { chain, walked: null, noted: null })).verified;
  expect([await check(ours), await check(forged)]).toEqual([true, false]);
  expect((await keepAuditLog(control, rotated, NOW)).unsealed).toEqual([]);
});

test("no statement of the log reads more than its page: each is by a key or an index", async () => {
  const { db, plans } = explaining(control);
  const chain = newChain();
  const change = begun(chain, NOW);
  await beginChange(db, change);
  await appendEntry(db, secrets, { change, end: { outcome: "done", after: null } }, NOW);
  await setRetention(db, secrets, { chain, days: 30 });
  const span = { from: NOW - 1, to: NOW + 1, before: { at: NOW, seq: 9 }, limit: 5, hidesOperators: false };
  for (const filter of [{}, { actor: "a" }, { action: "b" }, { actor: "a", action: "b" }]) {
    await listEntries(db, { chain, ...filter, ...span });
    await listEntries(db, { chain, ...filter, ...span, hidesOperators: true });
  }
  await verifyChain(db, secrets, { chain, walked: null, noted: { seq: 1, hash: "x" } });
  const exported = await exportEntries(db, { chain, format: "csv", hidesOperators: false, from: NOW - 1, to: NOW + 1 });
  if (exported.ok) await new Response(exported.value).text();
  await keepAuditLog(db, secrets, NOW + 31 * DAY_MS);
  const all = await plans();
  expect(all.length).toBeGreaterThan(15);
  expect(all.filter((plan) => /SCAN audit|TEMP B-TREE/.test(plan))).toEqual([]);
});
