import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { parseUsageBatch } from "../../../src/reporting/usage-batch.ts";
import { auditOf } from "../../support/audit-of.ts";
import { oldLedger, OLD_KEY } from "./old-ledger.ts";
import { PRICE, request, stubOf } from "./tenant.ts";

const capture = (jobId: string) => ({ jobId, action: "capture", outcome: "completed", reason: "" }) as const;

describe("a ledger of the first version goes on under this one", () => {
  test("its holds are settled, its key admits, and the audit agrees before and after", async () => {
    const { ledger, jobs, caller } = await oldLedger();
    expect(await auditOf(ledger)).toMatchObject({ consistent: true, openHolds: 2 });
    expect(await ledger.settle(capture(jobs[0].jobId))).toBe("settled");
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    await ledger.change("top_up", { amountMicros: 5 * PRICE, reason: "" });
    expect(await ledger.settle(capture(jobs[1].jobId))).toBe("settled");
    expect(await auditOf(ledger)).toMatchObject({ consistent: true, capturedMicros: 2 * PRICE });
    expect(await ledger.credit()).toMatchObject({ balanceMicros: 5 * PRICE });
  });

  test("an Idempotency-Key that was used before finds its job, and another body is a conflict", async () => {
    const { ledger, jobs, caller } = await oldLedger();
    const again = await ledger.reserve(request(caller, { idempotencyKey: OLD_KEY }));
    expect(again).toMatchObject({ ok: true, value: { replayed: true, job: { jobId: jobs[0].jobId } } });
    const other = await ledger.reserve(request(caller, { idempotencyKey: OLD_KEY, bodyHash: "b" }));
    expect(other).toMatchObject({ error: { code: "idempotency_conflict" } });
  });

  test("the consumer of the queue reads its entries", async () => {
    const { tenant, ledger, jobs } = await oldLedger();
    await ledger.settle(capture(jobs[0].jobId));
    const { entries } = await ledger.entries(0, 10);
    expect(parseUsageBatch({ tenant, entries })?.entries).toHaveLength(3);
  });

  test("its keys know the version of the secret that they were made under", async () => {
    const { ledger } = await oldLedger();
    // "Ag" is base64url of a first byte of 2.
    expect(await ledger.listKeys()).toMatchObject([{ secrets: [{ secretVersion: 2 }] }]);
  });
});

test("rows past their time are cleared by alarms that come by themselves", async () => {
  const { tenant, ledger, caller } = await oldLedger();
  await ledger.reserve(request(caller, { idempotencyKey: "later" }));
  await runInDurableObject(stubOf(tenant), (_object, { storage: { sql } }) => {
    sql.exec("UPDATE idempotency SET created_at = created_at - ?", 50 * 3_600_000);
  });
  await runDurableObjectAlarm(stubOf(tenant));
  const [rows, alarm] = await runInDurableObject(stubOf(tenant), async (_object, { storage }) => [
    storage.sql.exec("SELECT scope FROM idempotency").toArray(),
    await storage.getAlarm(),
  ]);
  expect(rows).toEqual([]);
  expect(alarm).not.toBeNull();
});
