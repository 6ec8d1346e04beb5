import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { trackerOf } from "../../../src/jobs/tracker-of.ts";
import { testEnv } from "../../support/test-env.ts";
import { auditOf } from "../../support/audit-of.ts";
import { ROUTE } from "../../support/route.ts";
import { admitted, newKey, newTenant, PRICE, request, rate, stubOf } from "./tenant.ts";

const capture = (jobId: string) => ({ jobId, action: "capture", outcome: "completed", reason: "" }) as const;
const release = (jobId: string) => ({ jobId, action: "release", outcome: "failed", reason: "x" }) as const;

describe("invariant 2: a hold ends exactly once", () => {
  test("of many captures and releases at once one is settled, the others write nothing", async () => {
    const { ledger, caller } = await newTenant(PRICE);
    const [jobId = ""] = admitted([await ledger.reserve(request(caller))]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ledger.settle(i % 2 === 0 ? capture(jobId) : release(jobId))),
    );
    expect(answers.filter((answer) => answer === "settled")).toHaveLength(1);
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0, heldJobs: 0, capturedMicros: PRICE }]);
    expect(await ledger.entries(0, 10)).toMatchObject({ headSeq: 2 });
  });

  test("a job that was never held is not settled, and leaves no entry", async () => {
    const { id, ledger } = await newTenant(PRICE);
    expect(await ledger.settle(capture(`${id}0000${"0".repeat(16)}`))).toBe("not_open");
    expect(await ledger.entries(0, 10)).toEqual({ entries: [], headSeq: 0 });
  });

  test("what is released can be spent again, what is captured cannot", async () => {
    const { ledger, caller } = await newTenant(PRICE);
    const [first = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(release(first));
    const [second = ""] = admitted([await ledger.reserve(request(caller))]);
    expect(second).not.toBe("");
    await ledger.settle(capture(second));
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
  });

  test("the price of admission is charged, whatever the price is later", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const [jobId = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.reserve(request(caller, { rates: [rate(2, 0, 9 * PRICE)] }));
    await ledger.settle(capture(jobId));
    expect(await ledger.budgets()).toMatchObject([{ capturedMicros: PRICE, heldMicros: 9 * PRICE }]);
  });

  test("an older price never comes back once a newer one was used", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await ledger.reserve(request(caller, { rates: [rate(2, 0, 2 * PRICE)] }));
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "settings_stale" } });
  });
});

describe("a hold whose job never arrived at its tracker", () => {
  test("is released only by a tombstone, after which the job can never start", async () => {
    const { id, ledger, caller } = await newTenant(PRICE);
    const reserved = await ledger.reserve(request(caller, { idempotencyKey: "k" }));
    if (!reserved.ok) throw new Error("not admitted");
    const { job, shard } = reserved.value;
    await runInDurableObject(stubOf(id), (_instance, state) => {
      state.storage.sql.exec("UPDATE open_holds SET admitted_at = 0");
    });
    await runDurableObjectAlarm(stubOf(id));
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0, capturedMicros: 0 }]);
    const start = {
      tenant: id,
      job,
      input: new TextEncoder().encode("{}"),
      inputHash: "h",
      route: ROUTE,
      keepInputMs: 0,
      waitMs: 2_000,
    };
    expect(await trackerOf(testEnv, { tenant: id, shard }).start(start)).toBeNull();
    // Never sent, so its Idempotency-Key is free again.
    expect(await ledger.reserve(request(caller, { idempotencyKey: "k", bodyHash: "other" }))).toMatchObject({
      ok: true,
    });
    expect(await auditOf(ledger)).toMatchObject({ consistent: true });
  });

  test("stays held while it is young", async () => {
    const { id, ledger, caller } = await newTenant(PRICE);
    await ledger.reserve(request(caller));
    await runDurableObjectAlarm(stubOf(id));
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: PRICE }]);
  });
});

describe("invariant 9: the journal rebuilds the balances", () => {
  test("after an eviction everything is as before, and the audit agrees", async () => {
    const { id, ledger, caller } = await newTenant(10 * PRICE);
    const jobs = admitted(await Promise.all(Array.from({ length: 6 }, () => ledger.reserve(request(caller)))));
    for (const [i, jobId] of jobs.entries())
      if (i < 4) await ledger.settle(i % 2 === 0 ? capture(jobId) : release(jobId));
    const before = await ledger.budgets();
    await evictDurableObject(stubOf(id));
    expect(await ledger.budgets()).toEqual(before);
    expect(await auditOf(ledger)).toEqual({
      consistent: true,
      entries: 10,
      capturedMicros: 2 * PRICE,
      heldMicros: 2 * PRICE,
      openHolds: 2,
      differences: [],
      fromSeq: 1,
      verifiedToSeq: 10,
      checkpoint: null,
    });
  });

  const tampering = [
    "UPDATE journal SET body = replace(body, '1300000', '1300001') WHERE seq = 1",
    "DELETE FROM journal WHERE seq = 2",
    "UPDATE budget_counters SET held_micros = held_micros + 1",
    "UPDATE spend SET captured_micros = captured_micros - 1",
    "DELETE FROM open_holds",
  ];
  test.each(tampering)("the audit sees: %s", async (sql) => {
    const { id, ledger, caller } = await newTenant(10 * PRICE);
    const jobs = admitted(await Promise.all(Array.from({ length: 3 }, () => ledger.reserve(request(caller)))));
    await ledger.settle(capture(jobs[0] ?? ""));
    await ledger.budgets(); // Counts every entry, so that there is something to tamper with.
    await runInDurableObject(stubOf(id), (_instance, state) => {
      state.storage.sql.exec(sql);
    });
    expect(await auditOf(ledger)).toMatchObject({ consistent: false });
  });
});

describe("revocation", () => {
  test("from the answer of the revocation on nothing is admitted", async () => {
    const { ledger } = await newTenant(1_000 * PRICE);
    const caller = await newKey(ledger, "live");
    const early = Array.from({ length: 20 }, () => ledger.reserve(request(caller)));
    await ledger.change("revoke_key", { id: caller.keyId });
    const late = await Promise.all(Array.from({ length: 20 }, () => ledger.reserve(request(caller))));
    expect(admitted(late)).toEqual([]);
    expect(late[0]).toMatchObject({ error: { code: "key_revoked" } });
    await Promise.all(early);
  });

  test("a key that is not known, expired or for other models is refused by name", async () => {
    const { ledger } = await newTenant(PRICE);
    const stranger = { keyId: "0".repeat(16), keyHash: "0".repeat(64), mode: "live", ip: null } as const;
    expect(await ledger.reserve(request(stranger))).toMatchObject({ error: { code: "invalid_key" } });
    const expired = await newKey(ledger, "live", { expiresAt: 1 });
    expect(await ledger.reserve(request(expired))).toMatchObject({ error: { code: "key_expired" } });
    const narrow = await newKey(ledger, "live", { models: ["other/model"] });
    expect(await ledger.reserve(request(narrow))).toMatchObject({ error: { code: "model_not_allowed" } });
  });
});
