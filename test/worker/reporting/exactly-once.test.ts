import * as fc from "fast-check";
import { createMessageBatch } from "cloudflare:test";
import { expect, test } from "vitest";
import type { JournalEntry, UsageBatch } from "../../../src/ledger/journal-entry.ts";
import {
  applyEntries,
  consumeUsage,
  rebuildReport,
  replayJournal,
  sumUpGateway,
} from "../../../src/reporting/index.ts";
import { DAY_SUMS } from "../../../src/reporting/day-sums.ts";
import { databases, explaining, newTenant } from "./databases.ts";
import { expectedReport, readReport } from "./expected-report.ts";
import { completedJobs, journalOf, journalPlan, ledgerWith } from "./journals.ts";

const { report } = await databases();
const seed = Date.now() % 2 ** 31;
console.info(`fast-check seed: ${seed}`);

let messages = 0;

function batchOf(bodies: UsageBatch[]): MessageBatch<UsageBatch> {
  const now = new Date();
  return createMessageBatch(
    "wavegate-usage",
    bodies.map((body) => ({ id: `m${++messages}`, timestamp: now, attempts: 1, body })),
  );
}

function cut<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

test("every event has its effect once: each message twice, shuffled, in parallel batches, beside a replay", async () => {
  const scenario = fc
    .tuple(journalPlan, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }))
    .chain(([plan, entriesPerMessage, messagesPerBatch]) => {
      const count = Math.ceil(plan.order.length / entriesPerMessage) * 2;
      const shuffled = fc.shuffledSubarray([...Array(count).keys()], { minLength: count });
      return fc.record({
        plan: fc.constant(plan),
        entriesPerMessage: fc.constant(entriesPerMessage),
        messagesPerBatch: fc.constant(messagesPerBatch),
        deliveries: shuffled,
        replayAfter: fc.array(fc.nat({ max: count }), { maxLength: 3 }),
      });
    });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ plan, entriesPerMessage, messagesPerBatch, deliveries, replayAfter }) => {
      const tenant = newTenant();
      const journal = journalOf(tenant, plan.plans, plan.order);
      const bodies = cut(journal, entriesPerMessage).map((entries) => ({ tenant, entries }));
      const twice = [...bodies, ...bodies];
      const batches = cut(deliveries, messagesPerBatch).map((picked) => batchOf(picked.map((i) => twice[i]!)));
      await Promise.all(
        batches.flatMap((batch, i) => [
          consumeUsage(batch, report),
          ...(replayAfter.includes(i) ? [replayJournal(report, tenant, ledgerWith(journal), 10)] : []),
        ]),
      );
      expect(await readReport(report, tenant)).toEqual(expectedReport(journal));
      expect(await replayJournal(report, tenant, ledgerWith(journal), 0)).toEqual({
        replayed: 0,
        watermark: journal.length,
        headSeq: journal.length,
      });
    }),
    { seed, numRuns: 40 },
  );
});

test("entries in any order, alone or several at once, end in the same report", async () => {
  const scenario = journalPlan.chain((plan) =>
    fc.record({
      plan: fc.constant(plan),
      order: fc.shuffledSubarray([...plan.order.keys()], { minLength: plan.order.length }),
      atOnce: fc.integer({ min: 1, max: 20 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ plan, order, atOnce }) => {
      const tenant = newTenant();
      const journal = journalOf(tenant, plan.plans, plan.order);
      for (const indexes of cut(order, atOnce)) {
        await applyEntries(
          report,
          tenant,
          indexes.map((index) => journal[index]!),
        );
      }
      expect(await readReport(report, tenant)).toEqual(expectedReport(journal));
    }),
    { seed, numRuns: 30 },
  );
});

test("the roll-ups equal the sum of the captured jobs, to the micro-dollar", async () => {
  const tenant = newTenant();
  const facts = Array.from({ length: 60 }, (_, i) => ({
    seconds: 5 + (i % 2) * 5,
    costMicros: 260_001 * i,
    priceMicros: i,
  }));
  await applyEntries(report, tenant, completedJobs(tenant, facts));
  const sums = async (sql: string) => await report.prepare(sql).bind(tenant).first();
  const ofJobs = await sums(`SELECT count(*) AS jobs, sum(seconds) AS seconds, sum(cost_micros) AS cost,
    sum(price_micros) AS price FROM jobs WHERE tenant = ?1 AND price_micros IS NOT NULL`);
  expect(ofJobs).toEqual({ jobs: 60, seconds: 450, cost: 260_001 * 1770, price: 1770 });
  const ofDays = await sums(`SELECT sum(jobs) AS jobs, sum(seconds) AS seconds, sum(cost_micros) AS cost,
    sum(price_micros) AS price FROM usage_days WHERE tenant = ?1`);
  expect(ofDays).toEqual(ofJobs);
  const ofHours = await sums(`SELECT sum(value ->> 0) AS jobs, sum(value ->> 1) AS price
    FROM usage_days, json_each(hours) WHERE tenant = ?1`);
  expect(ofHours).toEqual({ jobs: 60, price: 1770 });
});

test("an entry given twice in one call, and across its chunks, counts once", async () => {
  const tenant = newTenant();
  const journal = completedJobs(
    tenant,
    Array.from({ length: 150 }, () => ({})),
  );
  await applyEntries(report, tenant, [...journal.flatMap((entry) => [entry, entry]), ...journal]);
  expect(await readReport(report, tenant)).toEqual(expectedReport(journal));
});

test("a release gives no price and counts as a failure of its day, in no sum of usage", async () => {
  const tenant = newTenant();
  const plans = [{ facts: facts(), steps: ["hold" as const, { release: "failed" as const }] }];
  const journal = journalOf(tenant, plans, [0, 0]);
  await applyEntries(report, tenant, journal);
  const { jobs, hours, days } = await readReport(report, tenant);
  expect(jobs).toMatchObject([{ status: "failed", price_micros: null, reason: "upstream said so" }]);
  expect(hours).toEqual([]);
  expect(days).toMatchObject([{ jobs: 0, seconds: 0, price_micros: 0, failed: 1, cancelled: 0, result_ms: 0 }]);
});

test("a batch is five statements, however many entries, and none of them scans a table", async () => {
  const tenant = newTenant();
  const { db, plans } = explaining(report);
  await applyEntries(
    db,
    tenant,
    completedJobs(
      tenant,
      Array.from({ length: 100 }, () => ({})),
    ),
  );
  const seen = await plans();
  expect(seen).toHaveLength(5);
  for (const plan of seen) expect(plan).not.toMatch(/SCAN (jobs|usage_events|usage_days|gateway_days)/);
  // Nor all jobs of a tenant, which is as bad for one that has many.
  for (const plan of seen) expect(plan).not.toMatch(/PRIMARY KEY \(tenant=\?\)/);
});

test("the gateway's days are the sum of its tenants' days, also after one of them was rebuilt", async () => {
  const plan = fc.sample(journalPlan, { numRuns: 3, seed });
  const tenants = plan.map(({ plans, order }) => {
    const tenant = newTenant();
    return { tenant, journal: journalOf(tenant, plans, order) };
  });
  await Promise.all(tenants.map(({ tenant, journal }) => applyEntries(report, tenant, journal)));
  const columns = DAY_SUMS.map((column) => `sum(${column}) AS ${column}`).join(", ");
  const sums = async (table: string) => {
    const sql = `SELECT mode, local_day, model, ${columns} FROM ${table} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
    return (await report.prepare(sql).all()).results;
  };
  expect(await sums("gateway_days")).toEqual(await sums("usage_days"));
  const [first] = tenants;
  await rebuildReport(report, first!.tenant, ledgerWith(first!.journal), 10);
  const zeros = (rows: Record<string, unknown>[]) => rows.filter((row) => row["jobs"] !== 0 || row["failed"] !== 0);
  expect(zeros(await sums("gateway_days"))).toEqual(zeros(await sums("usage_days")));
  await replayJournal(report, first!.tenant, ledgerWith(first!.journal), 1_000);
  expect(await sums("gateway_days")).toEqual(await sums("usage_days"));
  await report.prepare("UPDATE gateway_days SET jobs = jobs + 1").run();
  await sumUpGateway(report);
  expect(await sums("gateway_days")).toEqual(await sums("usage_days"));
});

test("a batch that fails half-way leaves nothing behind", async () => {
  const tenant = newTenant();
  const [hold, capture] = completedJobs(tenant, [{}]) as [JournalEntry, JournalEntry];
  // STRICT refuses the hash in the last statement of the batch, after roll-ups and jobs were written.
  const broken = { ...capture, hash: null } as unknown as JournalEntry;
  await expect(async () => await applyEntries(report, tenant, [hold, broken])).rejects.toThrow(/NOT NULL/);
  expect(await readReport(report, tenant)).toEqual({ jobs: [], hours: [], days: [], seqs: [] });
});

function facts() {
  const [hold] = completedJobs("000000000000", [{}]);
  if (hold?.body.kind !== "hold") throw new Error("a journal begins with a hold");
  const { jobId: _, admittedAt: __, ...rest } = hold.body.job;
  return rest;
}
