import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import {
  applyEntries,
  billRecords,
  hideJobs,
  hourlyUsage,
  LATE_ENTRIES_MAX,
  readLateJobs,
  recentJobs,
  replayJournal,
  type BillQuery,
  type BillRecord,
  type RecentQuery,
} from "../../../src/reporting/index.ts";
import { databases, explaining, newTenant } from "./databases.ts";
import { completedJobs, journalOf, journalPlan, ledgerWith } from "./journals.ts";

const { report } = await databases();
const seed = Date.now() % 2 ** 31;
console.info(`fast-check seed: ${seed}`);

const ALL_BILL: Omit<BillQuery, "tenant" | "mode"> = {
  type: null,
  jobs: null,
  model: null,
  key: null,
  after: 0,
  before: Number.MAX_SAFE_INTEGER,
  descending: true,
  limit: 1_000,
  offset: 0,
};

const ALL_RECENT: Omit<RecentQuery, "tenant" | "mode"> = {
  after: 0,
  before: Number.MAX_SAFE_INTEGER,
  model: null,
  statuses: null,
  limit: 1_000,
  offset: 0,
};

async function lateOf(tenant: string, journal: readonly JournalEntry[]) {
  const late = await readLateJobs(report, tenant, ledgerWith(journal));
  if (!late.ok) throw new Error(late.error.message);
  return late.value;
}

/** The bill as a plain walk of the journal writes it, newest first. */
function expectedBill(
  journal: readonly JournalEntry[],
  mode: string,
): Pick<BillRecord, "type" | "jobId" | "priceMicros">[] {
  return journal
    .flatMap(({ body }) => {
      if (body.kind !== "hold" && body.kind !== "release") return [];
      const { jobId, priceMicros, admittedAt } = body.job;
      if (body.job.mode !== mode) return [];
      const [type, at] = body.kind === "hold" ? (["deduct", admittedAt] as const) : (["refund", body.endedAt] as const);
      return [{ type, jobId, priceMicros, at }];
    })
    .toSorted((a, b) => b.at - a.at || (a.jobId < b.jobId ? 1 : -1) || (a.type < b.type ? 1 : -1));
}

test("however little of the journal D1 has, lists and bill are the whole journal's, to the micro-dollar", async () => {
  const scenario = journalPlan.chain((plan) =>
    fc.record({ plan: fc.constant(plan), arrived: fc.subarray([...plan.order.keys()]), moves: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ plan, arrived, moves }) => {
      const tenant = newTenant();
      const journal = journalOf(tenant, plan.plans, plan.order);
      const had = arrived.map((index) => journal[index]!);
      await applyEntries(report, tenant, had);
      // The watermark too has moved as far as it may, or not yet.
      if (moves)
        await replayJournal(
          report,
          tenant,
          { ...ledgerWith(journal), entries: async () => ({ entries: [], headSeq: 1e6 }) },
          0,
        );
      const late = await lateOf(tenant, journal);
      for (const mode of ["live", "test"] as const) {
        const bill = await billRecords(report, late, { ...ALL_BILL, tenant, mode });
        expect(bill.records).toMatchObject(expectedBill(journal, mode));
        expect(bill.total).toBe(expectedBill(journal, mode).length);
        const pages = await Promise.all(
          [0, 7, 14].map((offset) => billRecords(report, late, { ...ALL_BILL, tenant, mode, limit: 7, offset })),
        );
        expect(pages.flatMap(({ records }) => records)).toEqual(bill.records.slice(0, 21));
        const jobs = await recentJobs(report, late, { ...ALL_RECENT, tenant, mode });
        const admitted = expectedBill(journal, mode).filter(({ type }) => type === "deduct");
        expect(jobs.jobs.map(({ id }) => id)).toEqual(admitted.map(({ jobId }) => jobId));
        const ended = new Set(
          journal.flatMap(({ body }) => (body.kind === "capture" || body.kind === "release" ? [body.job.jobId] : [])),
        );
        for (const job of jobs.jobs) expect(job.hasEnded).toBe(ended.has(job.id));
      }
    }),
    { seed, numRuns: 40 },
  );
});

test("pages by offset cut the same list, in either order, and filters take what they say", async () => {
  const tenant = newTenant();
  const journal = completedJobs(
    tenant,
    Array.from({ length: 25 }, (_, i) => ({ keyId: i % 2 ? "key_a" : "key_b", priceMicros: i })),
  );
  await applyEntries(report, tenant, journal.slice(0, 30));
  const late = await lateOf(tenant, journal);
  const query = { ...ALL_BILL, tenant, mode: "live" as const };
  const all = (await billRecords(report, late, query)).records;
  expect(all).toHaveLength(25);
  const pages = await Promise.all(
    [0, 10, 20].map((offset) => billRecords(report, late, { ...query, limit: 10, offset, descending: false })),
  );
  expect(pages.flatMap(({ records }) => records)).toEqual(all.toReversed());
  expect(pages.map(({ total }) => total)).toEqual([25, 25, 25]);
  const ofKey = await billRecords(report, late, { ...query, key: "key_a" });
  expect(ofKey).toMatchObject({ total: 12 });
  const two = [all[3]!.jobId, all[20]!.jobId, "f".repeat(32)];
  expect((await billRecords(report, late, { ...query, jobs: two })).records).toEqual([all[3], all[20]]);
  const span = await billRecords(report, late, { ...query, after: all[9]!.at, before: all[5]!.at });
  expect(span.records).toEqual(all.slice(5, 10));
  expect(await billRecords(report, late, { ...query, type: "refund" })).toEqual({
    records: [],
    total: 0,
    isCut: false,
  });
});

test.each([0, 6])(
  "a deleted job leaves the list and stays on the bill, with D1 told of %i entries for sure",
  async (mark) => {
    const tenant = newTenant();
    const journal = completedJobs(tenant, [{}, {}, {}]);
    await applyEntries(report, tenant, journal);
    await report.prepare("INSERT INTO watermarks (tenant, seq, at) VALUES (?, ?, 1)").bind(tenant, mark).run();
    const listed = async () =>
      recentJobs(report, await lateOf(tenant, journal), { ...ALL_RECENT, tenant, mode: "live" });
    const [newest] = (await listed()).jobs;
    await hideJobs(report, newTenant(), [newest!.id], 1);
    expect(await listed()).toMatchObject({ total: 3 });
    await hideJobs(report, tenant, [newest!.id], 1);
    const left = await listed();
    expect(left.total).toBe(2);
    expect(left.jobs).not.toContainEqual(newest);
    const bill = await billRecords(report, await lateOf(tenant, journal), { ...ALL_BILL, tenant, mode: "live" });
    expect(bill).toMatchObject({ total: 3 });
  },
);

test("a report that is too far behind is said to be, and never shown as if it were whole", async () => {
  const journal = { entries: async () => ({ entries: [], headSeq: LATE_ENTRIES_MAX + 1 }) };
  expect(await readLateJobs(report, newTenant(), journal)).toMatchObject({
    ok: false,
    error: { code: "report_behind", retryAfterSeconds: 10 },
  });
});

test("what is found among the first 10,000 jobs is not said to be all, where there are more", async () => {
  const tenant = newTenant();
  const fill = (from: number, to: number, mode: string) =>
    report
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT ?2 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
         INSERT INTO jobs (tenant, id, mode, model, key_id, team, seconds, cost_micros, held_micros, rate_version, tags,
           admitted_at, status, status_seq)
         SELECT ?1, printf('%s%020d', ?1, i), ?4, 'm', 'k', '', 5, 1, 1, 1, '{}', i, 'admitted', i FROM n`,
      )
      .bind(tenant, from, to, mode)
      .run();
  await fill(1, 1, "test");
  await fill(2, 10_000, "live");
  const late = { jobs: [], ids: "[]" };
  const both = async (mode: "live" | "test") => [
    await recentJobs(report, late, { ...ALL_RECENT, tenant, mode, limit: 10 }),
    await billRecords(report, late, { ...ALL_BILL, tenant, mode, limit: 10 }),
  ];
  // As many as are looked at might be all, or not.
  for (const found of await both("test")) expect(found).toMatchObject({ total: 1, isCut: true });
  await fill(10_001, 10_001, "live");
  for (const found of await both("test")) expect(found).toMatchObject({ total: 0, isCut: true });
  for (const found of await both("live")) expect(found).toMatchObject({ total: 10_000, isCut: true });
  const few = await billRecords(report, late, { ...ALL_BILL, tenant, mode: "live", jobs: ["a"] });
  expect(few).toEqual({ records: [], total: 0, isCut: false });
});

test("lists and bills read by an index, never a whole table", async () => {
  const tenant = newTenant();
  const { db, plans } = explaining(report);
  const late = await lateOf(tenant, []);
  await recentJobs(db, late, { ...ALL_RECENT, tenant, mode: "live" });
  await billRecords(db, late, { ...ALL_BILL, tenant, mode: "live" });
  await billRecords(db, late, { ...ALL_BILL, tenant, mode: "live", jobs: ["a"] });
  await hourlyUsage(db, { tenant, mode: "live", after: 0, before: 1, model: null });
  const seen = await plans();
  expect(seen).toHaveLength(7);
  for (const plan of seen) expect(plan).not.toMatch(/SCAN (jobs|usage_days)\b/);
  expect(seen[2]).toContain("jobs_refunded");
});

test("usage by model and UTC day is what was captured in the hours of the span", async () => {
  const tenant = newTenant();
  const journal = completedJobs(tenant, [{ priceMicros: 1 }, { priceMicros: 2 }, { model: "other", priceMicros: 4 }]);
  await applyEntries(report, tenant, journal);
  const all = { tenant, mode: "live" as const, after: 0, before: Number.MAX_SAFE_INTEGER, model: null };
  const whole = await hourlyUsage(report, all);
  if (!whole.ok) throw new Error(whole.error.message);
  expect(whole.value.reduce((sum, row) => sum + row.priceMicros, 0)).toBe(7);
  expect(await hourlyUsage(report, { ...all, model: "other" })).toMatchObject({ value: [{ jobs: 1, priceMicros: 4 }] });
  expect(await hourlyUsage(report, { ...all, mode: "test" })).toEqual({ ok: true, value: [] });
});
