import { describe, expect, test } from "vitest";
import { rebuildReport, replayJournal } from "../../../src/reporting/index.ts";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import type { TenantLedgerApi } from "../../../src/ledger/types.ts";
import { testEnv } from "../../support/test-env.ts";
import { readReport } from "../reporting/expected-report.ts";
import * as life from "./long-life.ts";
import { request } from "./tenant.ts";

const bucket = testEnv.ARCHIVE as R2Bucket;

async function allEntries(ledger: TenantLedgerApi, limit: number): Promise<JournalEntry[]> {
  const all: JournalEntry[] = [];
  for (;;) {
    const { entries, headSeq } = await ledger.entries(all.length, limit);
    all.push(...entries);
    if (all.length >= headSeq || entries.length === 0) return all;
  }
}

describe("readers of old entries see no archive", () => {
  test.each([1, 7, 10, 500])("pages of %i across the boundary are the journal that was", async (limit) => {
    const tenant = await life.checkpointed(28, 4);
    const before = await allEntries(tenant.ledger, 500);
    await life.ringUntil(tenant.id, async () => (await life.hotSeqs(tenant.id))[0] === 41);
    await life.captured(tenant, 1);
    const after = await allEntries(tenant.ledger, limit);
    expect(after.slice(0, 60)).toEqual(before);
    expect(after.map((entry) => entry.seq)).toEqual(Array.from({ length: 62 }, (_, i) => i + 1));
    expect(await tenant.ledger.entries(62, 10)).toEqual({ entries: [], headSeq: 62 });
  });

  test("a report rebuilt from the archive is the one that was", async () => {
    const tenant = await life.checkpointed(28, 4);
    await replayJournal(testEnv.REPORT, tenant.id, tenant.ledger, 1_000);
    const before = await readReport(testEnv.REPORT, tenant.id);
    await life.ringUntil(tenant.id, async () => (await life.hotSeqs(tenant.id))[0] === 41);
    const first = await rebuildReport(testEnv.REPORT, tenant.id, tenant.ledger, 25);
    expect(first).toEqual({ replayed: 25, watermark: 25, headSeq: 60 });
    await replayJournal(testEnv.REPORT, tenant.id, tenant.ledger, 1_000);
    expect(await readReport(testEnv.REPORT, tenant.id)).toEqual(before);
  });

  test("a copy that was changed is not read", async () => {
    const tenant = await life.archived();
    const key = (await life.segments(tenant.id))[1]?.key ?? "";
    await bucket.put(key, `${await (await bucket.get(key))?.text()}`.replace("1300000", "1300001"));
    await expect(async () => await tenant.ledger.entries(12, 5)).rejects.toThrow(/SHA-256/);
    expect((await tenant.ledger.entries(0, 5)).entries).toHaveLength(5);
    await bucket.delete(key);
    await expect(async () => await tenant.ledger.entries(12, 5)).rejects.toThrow(/not in the archive/);
  });
});

test("an Idempotency-Key finds its job after the entry that held it was archived", async () => {
  const { id, ledger, caller } = await life.tenantWith(0);
  const same = request(caller, { idempotencyKey: "once", tags: { film: "a" } });
  const made = await ledger.reserve(same);
  if (!made.ok) throw new Error("not admitted");
  const tenant = { id, ledger, caller };
  await life.captured(tenant, 28);
  await life.ringUntil(id, async () => (await life.checkpointSeq(id)) === 57);
  await life.reported(id, 57);
  await life.ringUntil(id, async () => (await life.hotSeqs(id))[0] === 31);
  expect(await ledger.reserve(same)).toMatchObject({
    ok: true,
    value: { ...made.value, replayed: true, open: true },
  });
  await life.capture(ledger, made.value.job.jobId);
  expect(await ledger.reserve(same)).toMatchObject({ value: { job: made.value.job, replayed: true, open: false } });
});

test("expired Idempotency-Keys are found by their index", async () => {
  const { id } = await life.tenantWith(0);
  const plan = await life.sql(
    id,
    "EXPLAIN QUERY PLAN DELETE FROM idempotency WHERE scope IN (SELECT scope FROM idempotency WHERE created_at <= 1 LIMIT 9)",
  );
  expect(plan.map((row) => row["detail"]).join("; ")).toContain("idempotency_by_age");
});
