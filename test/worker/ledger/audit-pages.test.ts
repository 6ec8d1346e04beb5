import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { AuditDesk } from "../../../src/ledger/audit/audit-desk.ts";
import type { AuditReport, AuditStep } from "../../../src/ledger/audit/audit-types.ts";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import { countingRows } from "./counting-rows.ts";
import * as life from "./long-life.ts";
import { PRICE, request, type TestTenant, WHOLE } from "./tenant.ts";

type Step = AuditStep;

/** What a call handles beside its pages: the head, the checkpoint, budgets, limits, counters, credit. */
const ROWS_BESIDE = 40;

describe("no call of an audit handles more than its share", () => {
  test.each([
    ["without a checkpoint", null],
    ["that moves the checkpoint first", life.CHECKPOINT_ENTRIES],
  ])("of many open holds and rows of tags, %s", async (_what, checkpointEntries) => {
    const tenant = await life.tenantWith(0);
    const tags = (job: number) => Object.fromEntries([..."abcdefghij"].map((name) => [name, String(job)]));
    for (let job = 0; job < 120; job++) {
      const made = await tenant.ledger.reserve(request(tenant.caller, { tags: tags(job) }));
      if (job < 30 && made.ok) await life.capture(tenant.ledger, made.value.job.jobId);
    }
    // Entries that nobody has counted yet are counted first, a hundred or so, whatever the audit's share.
    await tenant.ledger.budgets();
    const counted = await runInDurableObject(life.stubOf(tenant.id), (_instance, { storage }) => {
      const counting = countingRows(storage);
      const desk = new AuditDesk(counting.storage, { written: null });
      const scope = { tenant: tenant.id, secrets: parseConfig(testEnv).secrets, rowsMax: 20, checkpointEntries };
      const rows = [];
      let step = desk.step(null, scope);
      for (rows.push(counting.take()); step.state === "running"; rows.push(counting.take())) {
        step = desk.step(step.run, scope);
      }
      return { rows, report: step.state === "done" ? step.report : null };
    });
    expect(counted.report).toMatchObject({ consistent: true, differences: [], entries: 150, openHolds: 90 });
    expect(counted.rows.length).toBeGreaterThan(20);
    // A page of entries, then a page of rows: each is read with its counterpart, or written. A job
    // with ten tags is moved in one piece.
    expect(Math.max(...counted.rows)).toBeLessThanOrEqual(20 + 3 * (20 + 10) + ROWS_BESIDE);
  });
});

describe("what was changed in a late page is found", () => {
  const CHANGES = [
    [
      (id: string) => `UPDATE open_holds SET price_micros = price_micros + 1 WHERE job_id = '${id}'`,
      /has another amount/,
    ],
    [
      (id: string) => `UPDATE open_holds SET facts = replace(facts, 'shot', 'shoe') WHERE job_id = '${id}'`,
      /other facts/,
    ],
    [(id: string) => `DELETE FROM open_holds WHERE job_id = '${id}'`, /open in the journal, no hold row/],
    [
      (id: string) => `UPDATE open_holds SET job_id = job_id || 'x' WHERE job_id = '${id}'`,
      /without an open journal entry/,
    ],
    [(id: string) => `DELETE FROM checkpoint_holds WHERE job_id = '${id}'`, /without an open|holds are not what/],
  ] as const;
  test.each(CHANGES)("%s", async (change, named) => {
    const tenant = await life.checkpointed(0, 60);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, openHolds: 60 });
    await life.sql(tenant.id, change(inOrder(tenant.jobs).at(-3) ?? ""));
    const report = await auditOf(tenant.ledger);
    expect(report.consistent).toBe(false);
    expect(report.differences.join("\n")).toMatch(named);
  });

  test("a hold that no checkpoint knows yet", async () => {
    const tenant = await life.tenantWith(0, 35);
    await life.sql(tenant.id, `DELETE FROM open_holds WHERE job_id = '${inOrder(tenant.jobs).at(-1) ?? ""}'`);
    expect((await auditOf(tenant.ledger)).differences.join()).toMatch(/open in the journal, no hold row/);
  });

  test.each([
    "UPDATE tag_spend SET captured_micros = captured_micros - 1 WHERE value = (SELECT MAX(value) FROM tag_spend)",
    "UPDATE tag_spend SET checkpoint_micros = checkpoint_micros + 1 WHERE value = (SELECT MAX(value) FROM tag_spend)",
    "DELETE FROM tag_spend WHERE value = (SELECT MAX(value) FROM tag_spend)",
  ])("%s", async (change) => {
    const tenant = await life.tenantWith(0);
    await tagged(tenant, 17, "early");
    await tagged(tenant, 23, "late");
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, checkpoint: { seq: 80 } });
    await tagged(tenant, 15, "since");
    await life.sql(tenant.id, change);
    expect((await auditOf(tenant.ledger)).differences.join()).toMatch(/spend/);
  });
});

describe("between the pages", () => {
  test("holds end before and after their page was compared, and others come: all of it fits", async () => {
    const tenant = await life.checkpointed(10, 50);
    const jobs = inOrder(tenant.jobs.slice(10));
    let step = await tenant.ledger.auditStep(null);
    let open = 50;
    for (let calls = 0; step.state === "running"; calls++) {
      const ending = calls % 2 === 0 ? jobs.shift() : jobs.pop();
      if (ending !== undefined) {
        await life.settle(tenant.ledger, ending, calls % 3 === 0 ? "release" : "capture");
        open -= 1;
      }
      if (calls % 4 === 0) open += (await life.held(tenant, 1)).length;
      step = await tenant.ledger.auditStep(step.run);
    }
    const report = reportOf(step);
    expect(report).toMatchObject({ consistent: true, differences: [], openHolds: open, heldMicros: open * PRICE });
    expect(report?.verifiedToSeq).toBe(await headSeq(tenant));
    expect(open).not.toBe(50);
  });

  test("a hold changed before its page is found, one changed after it by the next audit", async () => {
    const tenant = await life.checkpointed(0, 60);
    const jobs = inOrder(tenant.jobs);
    const half = async (job: string | undefined): Promise<AuditReport | null> => {
      let step = await tenant.ledger.auditStep(null);
      // One page of checkpoint_holds a call, then holds: the ninth is in the middle of these.
      for (let calls = 0; calls < 9 && step.state === "running"; calls++) {
        step = await tenant.ledger.auditStep(step.run);
      }
      await life.sql(tenant.id, `UPDATE open_holds SET price_micros = price_micros + 1 WHERE job_id = '${job ?? ""}'`);
      while (step.state === "running") step = await tenant.ledger.auditStep(step.run);
      return reportOf(step);
    };
    expect(await half(jobs[0])).toMatchObject({ consistent: true });
    const both = await half(jobs.at(-1));
    expect(both?.differences).toEqual([jobs[0], jobs.at(-1)].map((id) => `job ${id}: hold row has another amount`));
  });

  test("a budget that is made is compared by the next audit", async () => {
    const tenant = await life.checkpointed(10, 30);
    const begun = await tenant.ledger.auditStep(null);
    await tenant.ledger.change("put_budget", { ...WHOLE, id: "daily", window: "day", limitMicros: 900 * PRICE });
    await life.captured(tenant, 1);
    let step = begun;
    while (step.state === "running") step = await tenant.ledger.auditStep(step.run);
    expect(reportOf(step)).toMatchObject({ consistent: true, differences: [] });
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
    await life.sql(tenant.id, "UPDATE budget_counters SET held_micros = held_micros + 1 WHERE budget_id = 'daily'");
    expect((await auditOf(tenant.ledger)).differences.join()).toMatch(/budget daily .*: held/);
  });
});

const inOrder = (jobs: readonly string[]): string[] => jobs.toSorted((a, b) => (a < b ? -1 : 1));

const reportOf = (step: Step): AuditReport | null => (step.state === "done" ? step.report : null);

async function headSeq({ id }: TestTenant): Promise<number> {
  const [row] = await life.sql(id, "SELECT MAX(seq) AS seq FROM journal");
  return Number(row?.["seq"]);
}

/** Captured jobs, each with a tag of its own. */
async function tagged({ ledger, caller }: TestTenant, jobs: number, name: string): Promise<void> {
  for (let job = 0; job < jobs; job++) {
    const made = await ledger.reserve(request(caller, { tags: { shot: `${name}${String(job).padStart(3, "0")}` } }));
    if (made.ok) await life.capture(ledger, made.value.job.jobId);
  }
}
