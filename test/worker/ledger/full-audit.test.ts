import { describe, expect, test } from "vitest";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { PRICE } from "./tenant.ts";

const bucket = testEnv.ARCHIVE as R2Bucket;

describe("a full audit", () => {
  test("replays from the first entry, archived ones included, and leaves nothing behind", async () => {
    const tenant = await life.archived();
    await life.captured(tenant, 2);
    const began = await tenant.ledger.beginAudit({ full: true });
    expect(began).toMatchObject({ status: "running", phase: "anchor", seq: 0, targetSeq: 64, report: null });
    expect(await tenant.ledger.beginAudit({ full: true })).toMatchObject({ id: began.id });
    const ended = await life.fullAudit(tenant);
    expect(ended).toMatchObject({ id: began.id, status: "completed", phase: "ended", seq: 64, message: null });
    expect(ended.report).toMatchObject({
      consistent: true,
      differences: [],
      entries: 64,
      fromSeq: 1,
      verifiedToSeq: 64,
      capturedMicros: 30 * PRICE,
      heldMicros: 4 * PRICE,
      openHolds: 4,
      checkpoint: { seq: 64 },
    });
    expect(await life.sql(tenant.id, "SELECT * FROM audit_spend")).toEqual([]);
    expect(await tenant.ledger.auditJob("0".repeat(16))).toBeNull();
  });

  test("goes on where it was when the object is evicted after every step", async () => {
    const tenant = await life.archived();
    const { id } = await tenant.ledger.beginAudit({ full: true });
    const seen = new Set<number>();
    await life.ringUntil(tenant.id, async () => {
      const audit = await tenant.ledger.auditJob(id);
      seen.add(audit?.seq ?? 0);
      if (audit?.phase !== "anchor") await life.evict(tenant.id);
      return audit?.status !== "running";
    });
    expect(await tenant.ledger.auditJob(id)).toMatchObject({ status: "completed", report: { consistent: true } });
    expect(seen.size).toBeGreaterThan(5);
  });

  test("is given up if its first phase is interrupted again and again", async () => {
    const tenant = await life.tenantWith(30);
    const { id } = await tenant.ledger.beginAudit({ full: true });
    await life.ringUntil(tenant.id, async () => {
      await life.evict(tenant.id);
      return (await tenant.ledger.auditJob(id))?.status === "failed";
    });
    expect(await tenant.ledger.auditJob(id)).toMatchObject({ status: "failed", message: "interrupted too often" });
  });

  test("lets admissions come in between, and no other checkpoint", async () => {
    const tenant = await life.archived();
    const { id } = await tenant.ledger.beginAudit({ full: true });
    await life.ringUntil(tenant.id, async () => {
      const running = (await tenant.ledger.auditJob(id))?.status === "running";
      if (running) await life.captured(tenant, 3);
      if (running && (await tenant.ledger.auditJob(id))?.phase === "replay") await auditOf(tenant.ledger);
      return !running;
    });
    const { report } = (await tenant.ledger.auditJob(id)) ?? {};
    expect(report).toMatchObject({ consistent: true });
    expect(await life.checkpointSeq(tenant.id)).toBe(report?.checkpoint?.seq);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  });

  test("of a ledger without an entry has nothing to say against it", async () => {
    const tenant = await life.tenantWith(0);
    // Nothing else wants the alarm of a ledger that never admitted anything.
    expect(await life.fullAudit(tenant)).toMatchObject({
      status: "completed",
      report: { consistent: true, entries: 0 },
    });
  });
});

describe("a full audit finds what lies before the checkpoint", () => {
  const CHANGES = [
    ["UPDATE journal SET body = replace(body, '1300000', '1300001') WHERE seq = 45", /entry 45 breaks the hash chain/],
    ["DELETE FROM journal WHERE seq = 45", /entry 45 is missing/],
    ["DELETE FROM journal WHERE seq = 41", /entry 41 is missing|entries 41 to 41 are neither/],
    ["DELETE FROM segments WHERE from_seq = 11", /entries 11 to 40 are neither here nor archived/],
    ["UPDATE segments SET sha256 = 'x' WHERE from_seq = 11", /its SHA-256 is not the recorded one/],
  ] as const;
  test.each(CHANGES)("%s", async (change, named) => {
    const tenant = await life.archived();
    await life.sql(tenant.id, change);
    const { status, report } = await life.fullAudit(tenant);
    expect(status).toBe("completed");
    expect(report?.consistent).toBe(false);
    expect(report?.differences.join("\n")).toMatch(named);
  });

  test("an archived segment that was changed, or is gone", async () => {
    const tenant = await life.archived();
    const key = (await life.segments(tenant.id))[2]?.key ?? "";
    await bucket.put(key, `${await (await bucket.get(key))?.text()}`.replace("1300000", "1300001"));
    expect((await auditOf(tenant.ledger)).consistent).toBe(true);
    expect((await life.fullAudit(tenant)).report?.differences.join()).toContain("SHA-256");
    await bucket.delete(key);
    expect((await life.fullAudit(tenant)).report?.differences.join()).toContain("not in the archive");
  });

  test.each(["spend", "tag_spend"])("a base that was changed together with its signed sums: %s", async (table) => {
    const tenant = await life.archived();
    await life.sql(
      tenant.id,
      `UPDATE ${table} SET checkpoint_micros = checkpoint_micros + 1, captured_micros = captured_micros + 1`,
    );
    const { report } = await life.fullAudit(tenant);
    expect(report?.differences.join("\n")).toMatch(/spend .* micro-dollars at the checkpoint/);
  });
});

test("a forged signature is reported; a full audit that proves the checkpoint signs it anew", async () => {
  const tenant = await life.archived();
  await life.sql(tenant.id, "UPDATE checkpoints SET signature = 'forged', secret_version = 1");
  expect(await auditOf(tenant.ledger)).toMatchObject({
    consistent: false,
    differences: ["checkpoint 60: its signature is not the gateway's"],
  });
  expect((await life.fullAudit(tenant)).report).toMatchObject({
    consistent: false,
    differences: ["checkpoint 60: its signature is not the gateway's"],
  });
  expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  expect((await life.fullAudit(tenant)).report).toMatchObject({ consistent: true });
});
