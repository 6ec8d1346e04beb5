import { describe, expect, test } from "vitest";
import { auditLedger } from "../../../src/ledger/audit/audit-ledger.ts";
import type { AuditJob } from "../../../src/ledger/audit/audit-types.ts";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { PRICE, type TestTenant } from "./tenant.ts";

describe("an audit that takes too many steps for one request", () => {
  test("goes on as a job, and ends with a report, with admissions in between and evictions in the middle", async () => {
    const tenant = await life.checkpointed(10, 60);
    const begun = await auditLedger(tenant.ledger, 5);
    if (begun.state !== "job") throw new Error("it was done at once");
    expect(begun.job).toMatchObject({ full: false, status: "running", phase: "anchor", report: null });
    let [alarms, captured, open] = [0, 10, 60];
    await life.ringUntil(tenant.id, async () => {
      alarms += 1;
      if (alarms === 6 || alarms === 9) await life.evict(tenant.id);
      if (alarms > 3 && alarms < 14) {
        await life.capture(tenant.ledger, tenant.jobs.pop() ?? "");
        [captured, open] = [captured + 1, open - 1];
      }
      return (await jobOf(tenant, begun.job.id)).status !== "running";
    });
    expect(await jobOf(tenant, begun.job.id)).toMatchObject({
      full: false,
      status: "completed",
      phase: "ended",
      report: { consistent: true, differences: [], capturedMicros: captured * PRICE, openHolds: open },
    });
    expect(open).toBe(50);
  });

  test("finds what an audit in one request finds, and raises the alert", async () => {
    const tenant = await life.checkpointed(10, 60);
    const late = tenant.jobs.slice(10).toSorted().at(-1) ?? "";
    await life.sql(tenant.id, `UPDATE open_holds SET price_micros = price_micros + 1 WHERE job_id = '${late}'`);
    const { id } = await tenant.ledger.beginAudit({ full: false });
    await life.ringUntil(tenant.id, async () => (await jobOf(tenant, id)).status !== "running");
    const { report } = await jobOf(tenant, id);
    expect(report?.consistent).toBe(false);
    expect(report?.differences).toEqual([`job ${late}: hold row has another amount`]);
    expect((await auditOf(tenant.ledger)).differences).toEqual(report?.differences);
    const alert = testEnv.CONTROL.prepare("SELECT kind, message FROM alerts WHERE subject = ?").bind(tenant.id);
    expect(await alert.first()).toEqual({ kind: "ledger_inconsistent", message: report?.differences[0] });
  });

  test("is one at a time; a full one that is asked for meanwhile is what it becomes", async () => {
    const tenant = await life.archived();
    await life.captured(tenant, 2);
    const { id } = await tenant.ledger.beginAudit({ full: false });
    expect(await tenant.ledger.beginAudit({ full: false })).toMatchObject({ id, full: false });
    await life.ring(tenant.id);
    expect(await tenant.ledger.beginAudit({ full: true })).toMatchObject({ id, full: true });
    expect(await tenant.ledger.beginAudit({ full: false })).toMatchObject({ id, full: true });
    await life.ringUntil(tenant.id, async () => (await jobOf(tenant, id)).status !== "running");
    expect(await jobOf(tenant, id)).toMatchObject({
      full: true,
      report: { consistent: true, fromSeq: 1, verifiedToSeq: 64 },
    });
  });

  test("is not made to begin again by audits that people ask for meanwhile", async () => {
    const tenant = await life.checkpointed(10, 60);
    const { id } = await tenant.ledger.beginAudit({ full: false });
    for (let alarms = 0; alarms < 3; alarms++) await life.ring(tenant.id);
    await life.captured(tenant, 25);
    const { checkpoint } = await auditOf(tenant.ledger);
    expect(checkpoint).toMatchObject({ seq: 80 });
    await life.ringUntil(tenant.id, async () => (await jobOf(tenant, id)).status !== "running");
    const [row] = await life.sql(tenant.id, "SELECT attempts FROM audits WHERE id = ?", id);
    expect(row).toEqual({ attempts: 1 });
  });
});

describe("a full audit compares the open holds page by page", () => {
  const CHANGES = [
    ["DELETE FROM checkpoint_holds WHERE job_id = ?", /open in the journal, but not so at the checkpoint/],
    [
      "UPDATE checkpoint_holds SET facts = replace(facts, 'shot', 'shoe') WHERE job_id = ?",
      /open at the checkpoint, but not so in the journal/,
    ],
    [
      "UPDATE checkpoint_holds SET job_id = 'g' || substr(job_id, 2) WHERE job_id = ?",
      /open at the checkpoint, but not so in the journal/,
    ],
  ] as const;
  test.each(CHANGES)("%s", async (change, named) => {
    const tenant = await life.checkpointed(5, 45);
    const late = tenant.jobs.slice(5).toSorted().at(-2) ?? "";
    const { id } = await tenant.ledger.beginAudit({ full: true });
    await life.ringUntil(tenant.id, async () => (await jobOf(tenant, id)).phase === "replay");
    await life.sql(tenant.id, change, late);
    const phases: string[] = [];
    await life.ringUntil(tenant.id, async () => {
      const { phase, status } = await jobOf(tenant, id);
      phases.push(phase);
      return status !== "running";
    });
    expect(phases.filter((phase) => phase === "compare").length).toBeGreaterThan(4);
    expect((await jobOf(tenant, id)).report?.differences.join("\n")).toMatch(named);
    expect(await life.sql(tenant.id, "SELECT * FROM audit_holds")).toEqual([]);
  });
});

async function jobOf({ ledger }: TestTenant, id: string): Promise<AuditJob> {
  const job = await ledger.auditJob(id);
  if (!job) throw new Error("the audit is gone");
  return job;
}
