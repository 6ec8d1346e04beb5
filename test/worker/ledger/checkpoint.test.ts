import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { AuditDesk } from "../../../src/ledger/audit/audit-desk.ts";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { PRICE, type TestTenant } from "./tenant.ts";

/** Of the last checkpoint, verified or not. */
async function lastSeq({ id }: TestTenant): Promise<number> {
  const [row] = await life.sql(id, "SELECT MAX(seq) AS seq FROM checkpoints");
  return Number(row?.["seq"] ?? 0);
}

describe("a checkpoint moves along the journal", () => {
  test("a few entries at a time, and goes on from there after an eviction after each", async () => {
    const tenant = await life.tenantWith(22, 6);
    const seen: number[] = [];
    await life.ringUntil(tenant.id, async () => {
      const seq = await lastSeq(tenant);
      if (seen.at(-1) !== seq) seen.push(seq);
      if (seq < 50) await life.evict(tenant.id);
      return (await life.checkpointSeq(tenant.id)) === 50;
    });
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await life.sql(tenant.id, "SELECT seq, entries FROM checkpoints")).toEqual([{ seq: 50, entries: 50 }]);
    await life.captured(tenant, 1);
    expect(await auditOf(tenant.ledger)).toMatchObject({
      consistent: true,
      fromSeq: 51,
      entries: 2,
      capturedMicros: 23 * PRICE,
      heldMicros: 6 * PRICE,
    });
  });

  test("not past an entry that was changed: that is named each time", async () => {
    const tenant = await life.tenantWith(22);
    await life.sql(tenant.id, "UPDATE journal SET body = replace(body, '1300000', '1300001') WHERE seq = 30");
    for (let audits = 0; audits < 2; audits++) {
      const report = await auditOf(tenant.ledger);
      expect(report.differences.join("\n")).toMatch(/entry 30 breaks the hash chain/);
      expect(await lastSeq(tenant)).toBeLessThan(30);
    }
    expect(await life.checkpointSeq(tenant.id)).toBe(0);
  });

  test("not past it, and too many entries after it are not taken into memory: the audit ends there", async () => {
    const tenant = await life.tenantWith(30);
    await life.sql(tenant.id, "UPDATE journal SET body = replace(body, '1300000', '1300001') WHERE seq = 7");
    const report = await runInDurableObject(life.stubOf(tenant.id), (_instance, { storage }) => {
      const desk = new AuditDesk(storage, { written: null });
      const scope = { tenant: tenant.id, secrets: parseConfig(testEnv).secrets, rowsMax: 1, checkpointEntries: 40 };
      let step = desk.step(null, scope);
      while (step.state === "running") step = desk.step(step.run, scope);
      return step.state === "done" ? step.report : null;
    });
    expect(report).toMatchObject({ consistent: false, entries: 6, verifiedToSeq: 6, checkpoint: { seq: 6 } });
    expect(report?.differences.join("\n")).toMatch(/entry 7 breaks the hash chain\n.*after 6 were not compared/);
  });

  const CHANGES = [
    [
      "UPDATE tag_spend SET captured_micros = captured_micros + 1, checkpoint_micros = checkpoint_micros + 1 WHERE value = '2'",
      /spend is not what it was/,
    ],
    ["DELETE FROM tag_spend WHERE value = '1'", /spend is not what it was/],
    ["UPDATE checkpoint_holds SET facts = replace(facts, '1300000', '1300001')", /open holds are not what they were/],
  ] as const;
  test.each(CHANGES)("not away from what was changed before it: %s", async (change, named) => {
    const tenant = await life.checkpointed(20, 2);
    await life.sql(tenant.id, change);
    await life.captured(tenant, 25);
    for (let audits = 0; audits < 2; audits++) {
      const report = await auditOf(tenant.ledger);
      expect(report).toMatchObject({ consistent: false, checkpoint: { seq: 92 } });
      expect(report.differences.join("\n")).toMatch(named);
    }
    expect(await life.checkpointSeq(tenant.id)).toBe(42);
  });

  test("where the books do not agree it is not verified, and nothing up to it is archived", async () => {
    const tenant = await life.tenantWith(28, 4);
    await life.reported(tenant.id, 60);
    await life.sql(tenant.id, "UPDATE budget_counters SET captured_micros = captured_micros + 1");
    await life.ringUntil(tenant.id, async () => (await life.sql(tenant.id, "SELECT * FROM upkeep")).length === 1);
    // The audit waits after its failure, so that these alarms would be the archive's.
    for (let alarms = 0; alarms < 10; alarms++) await life.ring(tenant.id);
    expect(await lastSeq(tenant)).toBe(60);
    expect(await life.checkpointSeq(tenant.id)).toBe(0);
    expect(await life.segments(tenant.id)).toEqual([]);
    await life.sql(tenant.id, "UPDATE budget_counters SET captured_micros = captured_micros - 1");
    await life.sql(tenant.id, "UPDATE upkeep SET next_at = 0");
    await life.ringUntil(tenant.id, async () => (await life.hotSeqs(tenant.id))[0] === 41);
    expect(await life.checkpointSeq(tenant.id)).toBe(60);
  });
});

test("the more rows there are to read, the more entries a checkpoint waits for", async () => {
  const tenant = await life.tenantWith(19);
  await life.zeroTags(tenant.id, 2_000);
  await life.captured(tenant, 1);
  await life.ringUntil(tenant.id, async () => (await life.checkpointSeq(tenant.id)) === 40, 400);
  await life.captured(tenant, 40);
  for (let alarms = 0; alarms < 10; alarms++) await life.ring(tenant.id);
  expect(await lastSeq(tenant)).toBe(40);
  await life.captured(tenant, 15);
  await life.ringUntil(tenant.id, async () => (await life.checkpointSeq(tenant.id)) === 150, 400);
});
