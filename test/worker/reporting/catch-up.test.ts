import { beforeEach, expect, test } from "vitest";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import {
  advanceWatermark,
  applyEntries,
  catchUp,
  completeTo,
  rebuildReport,
  replayJournal,
} from "../../../src/reporting/index.ts";
import { databases, newTenant } from "./databases.ts";
import { expectedReport, readReport } from "./expected-report.ts";
import { completedJobs, ledgerWith } from "./journals.ts";

const { control, report } = await databases();

beforeEach(async () => {
  await control.batch([control.prepare("DELETE FROM tenants"), control.prepare("DELETE FROM sweeps")]);
});

async function register(...tenants: string[]): Promise<void> {
  const insert = control.prepare("INSERT INTO tenants (id, name, time_zone, created_at) VALUES (?1, 'T', 'UTC', 1)");
  await control.batch(tenants.map((tenant) => insert.bind(tenant)));
}

/** A registered tenant with so many completed jobs in its journal, none of them in D1. */
async function tenantWith(jobs: number): Promise<{ tenant: string; journal: JournalEntry[] }> {
  const tenant = newTenant();
  await register(tenant);
  return {
    tenant,
    journal: completedJobs(
      tenant,
      Array.from({ length: jobs }, () => ({})),
    ),
  };
}

test("what the queue lost is replayed from the journal, and D1 says so", async () => {
  const { tenant, journal } = await tenantWith(10);
  await applyEntries(report, tenant, [...journal.slice(0, 5), ...journal.slice(8, 14)]);
  const ledger = ledgerWith(journal);
  expect(await catchUp(control, report, () => ledger)).toEqual({ tenants: 1, replayed: 15, behind: [], problems: [] });
  expect(await readReport(report, tenant)).toEqual(expectedReport(journal));
  expect(await completeTo(report, tenant)).toEqual({ seq: 20, mark: 0 });
  expect(await catchUp(control, report, () => ledger)).toMatchObject({ tenants: 1, replayed: 0 });
});

test("slices walk the whole registry and begin again", async () => {
  const tenants = [newTenant(), newTenant(), newTenant(), newTenant(), newTenant()];
  await register(...tenants);
  const seen: string[] = [];
  const empty = (tenant: string) => (seen.push(tenant), ledgerWith([]));
  for (let run = 0; run < 6; run++) await catchUp(control, report, empty, { tenantsMax: 2 });
  expect(seen).toEqual([...tenants, ...tenants]);
});

test("a tenant that fails is named and does not hold up the others", async () => {
  const [broken, fine] = [await tenantWith(1), await tenantWith(1)];
  const done = await catchUp(control, report, (tenant) =>
    tenant === fine.tenant ? ledgerWith(fine.journal) : { entries: async () => Promise.reject(new Error("frozen")) },
  );
  expect(done.problems).toEqual([`tenant ${broken.tenant}: Error: frozen`]);
  expect(await readReport(report, fine.tenant)).toEqual(expectedReport(fine.journal));
});

test("a run replays no more than it may, of one tenant and in all, and later runs finish", async () => {
  const [large, small] = [await tenantWith(20), await tenantWith(2)];
  const ledgers = new Map([large, small].map(({ tenant, journal }) => [tenant, ledgerWith(journal)]));
  const limits = { entriesMax: 14, entriesPerTenantMax: 12 };
  const run = () => catchUp(control, report, (tenant) => ledgers.get(tenant)!, limits);
  expect(await run()).toEqual({ tenants: 2, replayed: 14, behind: [large.tenant, small.tenant], problems: [] });
  for (let i = 0; i < 4; i++) await run();
  expect(await readReport(report, large.tenant)).toEqual(expectedReport(large.journal));
  expect(await readReport(report, small.tenant)).toEqual(expectedReport(small.journal));
});

test("a report that is ahead of its ledger is a problem, not a success", async () => {
  const { tenant, journal } = await tenantWith(2);
  await applyEntries(report, tenant, journal);
  const done = await catchUp(control, report, () => ledgerWith(journal.slice(0, 1)));
  expect(done.problems[0]).toContain("ahead of its ledger");
});

test("a journal with a hole ends the replay instead of going round", async () => {
  const { tenant, journal } = await tenantWith(3);
  const holed = ledgerWith(journal.filter(({ seq }) => seq !== 1));
  await expect(async () => await replayJournal(report, tenant, holed, 100)).rejects.toThrow(/gap after 0/);
});

test("the watermark crosses more entries than one statement looks at", async () => {
  const { tenant, journal } = await tenantWith(1_100);
  await applyEntries(report, tenant, journal.slice(1));
  expect(await advanceWatermark(report, tenant)).toBe(0);
  await applyEntries(report, tenant, journal.slice(0, 1));
  expect(await advanceWatermark(report, tenant)).toBe(2_200);
});

test("a rebuild replaces wrong rows by the journal's, page by page, and leaves other tenants alone", async () => {
  const [mine, other] = [await tenantWith(300), await tenantWith(3)];
  await applyEntries(report, mine.tenant, mine.journal);
  expect(await advanceWatermark(report, mine.tenant)).toBe(600);
  await applyEntries(report, other.tenant, other.journal);
  await report.prepare("UPDATE usage_days SET price_micros = 1 WHERE tenant = ?1").bind(mine.tenant).run();
  await report.prepare("UPDATE jobs SET status = 'failed' WHERE tenant = ?1").bind(mine.tenant).run();
  const ledger = ledgerWith(mine.journal);
  const first = await rebuildReport(report, mine.tenant, ledger, 550);
  expect(first).toEqual({ replayed: 550, watermark: 550, headSeq: 600 });
  await replayJournal(report, mine.tenant, ledger, 550);
  expect(await readReport(report, mine.tenant)).toEqual(expectedReport(mine.journal));
  expect(await readReport(report, other.tenant)).toEqual(expectedReport(other.journal));
});

test("a rebuild beside live deliveries counts nothing twice", async () => {
  const { tenant, journal } = await tenantWith(100);
  await applyEntries(report, tenant, journal.slice(0, 100));
  const ledger = ledgerWith(journal);
  await Promise.all([
    rebuildReport(report, tenant, ledger, 1_000),
    ...[80, 100, 120, 140, 160, 180].map((from) => applyEntries(report, tenant, journal.slice(from, from + 40))),
  ]);
  expect(await readReport(report, tenant)).toEqual(expectedReport(journal));
});
