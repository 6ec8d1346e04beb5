import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import type { TenantLedger } from "../../../src/ledger/tenant-ledger.ts";
import { auditOf } from "../../support/audit-of.ts";
import { hold, sums, tables } from "./counted-tables.ts";
import * as life from "./long-life.ts";
import { newTenant, PRICE, request, stubOf, WHOLE, type TestTenant } from "./tenant.ts";

describe("somebody has put a counter wrong", () => {
  /** The ends of these holds then bring it below zero. */
  async function emptied(jobs: number): Promise<TestTenant & { jobs: string[] }> {
    const tenant = await newTenant(jobs * PRICE);
    const held = await life.held(tenant, jobs);
    await life.sql(tenant.id, "UPDATE budget_counters SET held_micros = 0, held_jobs = 0");
    return { ...tenant, jobs: held };
  }

  test("an audit names it, also when the ends come to the same", async () => {
    const { jobs, ...tenant } = await emptied(10);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: false });
    for (const jobId of jobs) expect(await life.settle(tenant.ledger, jobId, "release")).toBe("settled");
    const report = await auditOf(tenant.ledger);
    expect(report.differences.join("\n")).toMatch(/budget whole \(total\): held -13\.000000 in use, 0\.000000 from/);
  });

  test("holds, ends, changes and reads go on; the budget put anew counts right", async () => {
    const { jobs, ...tenant } = await emptied(3);
    for (const jobId of jobs) expect(await life.capture(tenant.ledger, jobId)).toBe("settled");
    expect(await tenant.ledger.budgets()).toMatchObject([{ capturedMicros: 3 * PRICE, heldMicros: -3 * PRICE }]);
    expect(await tenant.ledger.standing()).toMatchObject({ monthMicros: { live: 3 * PRICE } });
    expect(await tenant.ledger.change("delete_budget", { id: "whole" })).toMatchObject({ ok: true });
    await tenant.ledger.change("put_budget", { ...WHOLE, limitMicros: 4 * PRICE });
    expect(sums((await tenant.ledger.budgets())[0])).toEqual([3 * PRICE, 0, 0]);
    await hold(tenant);
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  });
});

describe("entries that are not counted are gone", () => {
  const raw = (tenant: string, statement: string): Promise<void> =>
    runInDurableObject(stubOf(tenant), (_instance, { storage }) => void storage.sql.exec(statement));

  test("from their middle: no new instance admits, ends and changes go on, and an audit says so", async () => {
    const tenant = await newTenant(20 * PRICE);
    const jobs = await life.held(tenant, 4);
    await raw(tenant.id, "DELETE FROM journal WHERE seq = 2");
    await evictDurableObject(stubOf(tenant.id));
    const inside = (work: (ledger: TenantLedger) => Promise<void>): Promise<void> =>
      runInDurableObject(stubOf(tenant.id), (instance) => work(instance as TenantLedger));
    const missing = "the journal has no entry 2";
    await inside(async (ledger) => expect(ledger.reserve(request(tenant.caller))).rejects.toThrow(missing));
    expect(await life.capture(tenant.ledger, jobs[0] ?? "")).toBe("settled");
    expect(await tenant.ledger.change("revoke_key", { id: tenant.caller.keyId })).toMatchObject({ ok: true });
    expect(await tenant.ledger.change("set_status", { status: "suspended", reason: "" })).toMatchObject({ ok: true });
    await inside(async (ledger) =>
      expect(ledger.change("put_budget", { ...WHOLE, window: "day" })).rejects.toThrow(missing),
    );
    expect((await tenant.ledger.standing()).open).toMatchObject([{ jobs: 3 }]);
    const { differences } = await auditOf(tenant.ledger);
    expect(differences.join("\n")).toMatch(/counters and spend: Error: the journal has no entry 2/);
  });

  test.each(["DELETE FROM journal", "UPDATE journal SET hash = replace(hash, '0', '1')"])(
    "%s: the instance that wrote the last of them knows that there was one",
    async (statement) => {
      const tenant = await newTenant(20 * PRICE);
      await life.capture(tenant.ledger, await hold(tenant));
      await raw(tenant.id, statement);
      expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: false });
    },
  );

  test("also if that was an end, and all before it had been counted", async () => {
    const tenant = await newTenant(20 * PRICE);
    const jobs = [await hold(tenant), await hold(tenant)];
    await tenant.ledger.budgets();
    for (const jobId of jobs) await life.capture(tenant.ledger, jobId);
    await raw(tenant.id, "DELETE FROM journal WHERE seq = 4");
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: false });
  });

  test("an end that was rolled back was never written", async () => {
    const tenant = await newTenant(20 * PRICE);
    const limit = { id: "few", mode: "live", scope: { kind: "tenant" }, concurrentJobs: 5 } as const;
    await tenant.ledger.change("put_limit", { ...limit, requestsPerMinute: null, burst: null, submitsPerDay: null });
    const jobId = await hold(tenant);
    await raw(tenant.id, "UPDATE limits SET running = 0");
    await runInDurableObject(stubOf(tenant.id), async (instance) => {
      await expect(life.capture(instance as TenantLedger, jobId)).rejects.toThrow("CHECK constraint");
    });
    await raw(tenant.id, "UPDATE limits SET running = 1");
    await tenant.ledger.change("top_up", { amountMicros: PRICE, reason: "" });
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, differences: [] });
    expect(await life.capture(tenant.ledger, jobId)).toBe("settled");
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  });

  test("an entry that can be read and not be counted: no audit counts a part of the others", async () => {
    const tenant = await newTenant(20 * PRICE);
    const jobs = await life.held(tenant, 8);
    await tenant.ledger.budgets();
    for (const jobId of jobs) await life.capture(tenant.ledger, jobId);
    await raw(tenant.id, `UPDATE journal SET body = replace(body, '"shot":"1"', '"shot":null') WHERE seq > 8`);
    const before = await tables(tenant.id);
    for (let audits = 0; audits < 3; audits++) {
      const { differences } = await auditOf(tenant.ledger);
      expect(differences.filter((text) => text.startsWith("counters and spend:"))).toHaveLength(1);
    }
    expect(await tables(tenant.id)).toEqual(before);
  });

  test("nothing is archived that is not counted", async () => {
    const tenant = await life.checkpointed(28, 4);
    await raw(tenant.id, "UPDATE tenant SET counted_seq = 5");
    for (let alarms = 0; alarms < 20; alarms++) await life.ring(tenant.id);
    expect(await tables(tenant.id)).toMatchObject({ counted: 5, head: 60 });
    const [first] = await runInDurableObject(stubOf(tenant.id), (_instance, { storage }) =>
      storage.sql.exec("SELECT MIN(seq) AS seq FROM journal").toArray(),
    );
    expect(first).toEqual({ seq: 1 });
  });
});
