import { beforeAll, describe, expect, test } from "vitest";
import {
  capturedJobs,
  chargedMonths,
  creditMovements,
  creditOfMonth,
  findJob,
  hourlyUsage,
  jobsOfBudget,
  lastEntryBefore,
  listJobs,
  overview,
  readLateJobs,
  spendByTenant,
  usage,
  type JobsQuery,
} from "../../../src/reporting/index.ts";
import { DAY_ROWS_MAX } from "../../../src/reporting/day-rows.ts";
import { countingReads } from "./counting-reads.ts";
import { databases, explaining, newTenant } from "./databases.ts";
import { completedJobs, ledgerWith } from "./journals.ts";
import { seedJobs } from "./many-jobs.ts";

/** What one view may read, however many jobs there are. */
const ROWS_MAX = 5_000;
const JOBS = 1_000_000;

const { report } = await databases();
const large = newTenant();
const small = Array.from({ length: 200 }, newTenant);
const now = Date.UTC(2026, 10, 28, 12);
const journal = completedJobs(
  large,
  Array.from({ length: 24 }, () => ({})),
);
const seeded = { until: now, days: 365 };

// A million jobs of one tenant, and a million more of two hundred.
beforeAll(async () => {
  await seedJobs(report, { tenant: large, jobs: JOBS, ...seeded });
  // As many entries as may come before the watermark is written: each look begins with them.
  await report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO usage_events (tenant, seq, at, kind, job_id, hash) SELECT ?1, i, i, 'hold', '', '' FROM n`,
    )
    .bind(large, journal.length)
    .run();
  for (const tenant of small) await seedJobs(report, { tenant, jobs: JOBS / small.length, ...seeded });
}, 300_000);

type View = (db: D1Database) => Promise<unknown>;

const glance = { team: null, mode: "live", now, today: "2026-11-28", timeZone: "UTC" } as const;
type Pages = (db: D1Database, seen?: () => void) => Promise<void>;

/** Four pages, one after the other, each with its look at the journal; `seen` is called after each. */
const list =
  (query: Partial<JobsQuery>): Pages =>
  async (db, seen = () => {}) => {
    let cursor: string | null = null;
    for (let pages = 0; pages < 4; pages++) {
      const late = await readLateJobs(db, large, ledgerWith(journal));
      if (!late.ok) throw new Error(late.error.message);
      const page = await listJobs(db, { tenant: large, limit: 100, ...query, cursor }, late.value);
      if (!page.ok) throw new Error(page.error.message);
      seen();
      cursor = page.value.nextCursor;
      if (cursor === null) return;
    }
  };

/** As the gateway's page reads it: after the overview, with what that left. */
const byTenant = async (db: D1Database, from: string) => {
  const found = await overview(db, { ...glance, tenant: null, from });
  if (!found.ok) throw new Error(found.error.message);
  const rowsMax = DAY_ROWS_MAX - found.value.rowsRead;
  return await spendByTenant(db, { mode: "live", from, to: "2026-11-28", rowsMax });
};

const VIEWS: [string, View][] = [
  ["a tenant's overview", (db) => overview(db, { ...glance, tenant: large })],
  ["a team's overview", (db) => overview(db, { ...glance, tenant: large, team: "team_1" })],
  ["a tenant's overview of three months", (db) => overview(db, { ...glance, tenant: large, from: "2026-08-30" })],
  ["a small tenant's overview", (db) => overview(db, { ...glance, tenant: small[0] ?? "" })],
  ["the gateway's overview", (db) => overview(db, { ...glance, tenant: null })],
  ["the gateway's spend by tenant", (db) => byTenant(db, "2026-11-01")],
  ["the gateway's overview of three months with its spend by tenant", (db) => byTenant(db, "2026-08-30")],
  ["the gateway's overview of three months", (db) => overview(db, { ...glance, tenant: null, from: "2026-08-30" })],
  [
    "the jobs of a budget",
    (db) =>
      jobsOfBudget(
        db,
        { jobs: [], ids: "[]" },
        { tenant: large, mode: "live", scope: { kind: "team", team: "team_1" }, since: now - 7 * 86_400_000 },
      ),
  ],
  ["a job", (db) => findJob(db, large, `${large}0000${(7).toString(16).padStart(16, "0")}`, ledgerWith(journal))],
];

const PAGES: [string, Partial<JobsQuery>][] = [
  ["all", {}],
  ["of a model that few have", { model: "rare" }],
  ["of a key that none has", { key: "none" }],
  ["of a team that failed", { team: "team_0", status: "failed" }],
  ["that run", { ended: false }],
  ["of a month that is long over", { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1), status: "failed" }],
  ["by the beginning of the id", { idPrefix: `${large}0` }],
  ["by the whole id", { idPrefix: `${large}0000${(7).toString(16).padStart(16, "0")}` }],
];

describe("with a million jobs", () => {
  test.each(VIEWS)(`%s reads at most ${ROWS_MAX} rows`, async (_, view) => {
    const { db, rowsRead } = countingReads(report);
    await view(db);
    expect(rowsRead()).toBeLessThanOrEqual(ROWS_MAX);
  });

  test.each(PAGES)(`pages of jobs, %s, read at most ${ROWS_MAX} rows each`, async (_, query) => {
    const { db, rowsRead } = countingReads(report);
    const reads: number[] = [];
    await list(query)(db, () => void reads.push(rowsRead()));
    expect(Math.max(...reads)).toBeLessThanOrEqual(ROWS_MAX);
    expect(reads.length).toBeGreaterThan(0);
  });

  const HOURS = { tenant: large, mode: "live" as const, after: now - 31 * 86_400_000, before: now };
  const MONTH = { tenant: large, from: "2026-11-01", to: "2026-11-30" };
  const BILLING: [string, View][] = [
    ["usage of the last month", (db) => usage(db, { ...MONTH, groupBy: ["day", "model", "team", "key"], mode: "all" })],
    ["usage of a year", (db) => usage(db, { ...MONTH, from: "2025-12-01", groupBy: ["model"], mayShorten: true })],
    ["usage of a year that is refused", (db) => usage(db, { ...MONTH, from: "2025-12-01", groupBy: [] })],
    [
      "a key's usage of a year",
      (db) => usage(db, { ...MONTH, from: "2025-12-01", groupBy: [], key: "key_1", mayShorten: true }),
    ],
    ["usage by the hour", (db) => hourlyUsage(db, { ...HOURS, model: null })],
    ["usage by the hour of a model that few have", (db) => hourlyUsage(db, { ...HOURS, model: "rare" })],
    ["a month's statement", (db) => usage(db, { ...MONTH, groupBy: ["day", "model", "team", "key"] })],
    ["its credit", (db) => creditOfMonth(db, large, "2026-11")],
    ["its movements", (db) => creditMovements(db, MONTH)],
    ["the list of months", (db) => chargedMonths(db, { tenant: large, before: "9999-99", limit: 101 })],
    ["where an export begins", (db) => lastEntryBefore(db, large, now)],
    [
      "a page of an export",
      (db) => capturedJobs(db, { tenant: large, mode: "live", team: null, afterSeq: 0, until: now }),
    ],
  ];
  test.each(BILLING)(`%s reads at most ${ROWS_MAX} rows`, async (_, view) => {
    const { db, rowsRead } = countingReads(report);
    await view(db);
    expect(rowsRead()).toBeLessThanOrEqual(ROWS_MAX);
  });

  test("the list of months has each of them, the newest first", async () => {
    const months = await chargedMonths(report, { tenant: large, before: "9999-99", limit: 5 });
    expect(months).toEqual(["2026-11", "2026-10", "2026-09", "2026-08", "2026-07"]);
    expect(await chargedMonths(report, { tenant: large, before: "2026-10", limit: 2 })).toEqual(["2026-09", "2026-08"]);
  });

  test("nothing scans a table, nor sorts what it has read", async () => {
    const { db, plans } = explaining(report);
    for (const [, view] of VIEWS) await view(db);
    for (const [, query] of PAGES) await list(query)(db);
    for (const found of await plans()) {
      // A filtered page goes through what a bounded subquery of the same name has found.
      const plan = found.replace(/(CO-ROUTINE jobs; SEARCH [^;]+); SCAN jobs/, "$1");
      expect(plan).not.toMatch(/SCAN (jobs|usage_days|gateway_days|usage_events)/);
      expect(plan).not.toMatch(/jobs USING PRIMARY KEY \(tenant=\?\)($|;)/);
      if (/usage_days|gateway_days|jobs_tenant_admitted/.test(plan)) expect(plan).not.toContain("TEMP B-TREE");
    }
  });

  test("the sums are those of all jobs", async () => {
    const found = await overview(report, { ...glance, tenant: large });
    if (!found.ok) throw new Error(found.error.message);
    const sums = async (from: number) =>
      await report
        .prepare(`SELECT count(price_micros) AS jobs, sum(price_micros) AS priceMicros FROM jobs
          WHERE tenant = ?1 AND ended_at >= ?2 AND ended_at < ?3`)
        .bind(large, from, Date.UTC(2026, 10, 29))
        .first();
    expect(found.value.spend.today).toMatchObject({ ...(await sums(Date.UTC(2026, 10, 28))) });
    expect(found.value.spend.month).toMatchObject({ ...(await sums(Date.UTC(2026, 10, 1))) });
    expect(found.value.chart.by.key.map(({ name }) => name)).toContain(null);
    expect(found.value.outcomes.p50Ms).toBeGreaterThanOrEqual(60_000);
  });

  test("so are the hours, of a month in one answer, and a row with all of its own is small", async () => {
    const after = Date.UTC(2026, 9, 28, 12);
    const found = await hourlyUsage(report, { tenant: large, mode: "live", after, before: now, model: null });
    if (!found.ok) throw new Error(found.error.message);
    const sums = await report
      .prepare(`SELECT count(*) AS jobs, sum(price_micros) AS priceMicros FROM jobs
        WHERE tenant = ?1 AND ended_at >= ?2 AND ended_at < ?3 AND price_micros IS NOT NULL`)
      .bind(large, after, now)
      .first();
    const sum = (of: "jobs" | "priceMicros") => found.value.reduce((total, row) => total + row[of], 0);
    expect({ jobs: sum("jobs"), priceMicros: sum("priceMicros") }).toEqual(sums);
    const characters = "SELECT max(length(hours)) AS most FROM usage_days WHERE tenant = ?1";
    expect(await report.prepare(characters).bind(large).first("most")).toBeLessThan(600);
  });

  test("what is too various for one view is never a part as the whole", async () => {
    const tenant = newTenant();
    await report
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29999)
         INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
         SELECT ?1, 'live', date('2026-11-28', '-' || (i / 500) || ' days'), '', 'key_' || (i % 500), 'm', 1, 5, 1, 2 FROM n`,
      )
      .bind(tenant)
      .run();
    const { db, rowsRead } = countingReads(report);
    const found = await overview(db, { ...glance, tenant });
    if (!found.ok) throw new Error(found.error.message);
    expect(rowsRead()).toBeLessThanOrEqual(ROWS_MAX);
    const { spend, chart, outcomes } = found.value;
    expect(spend).toEqual({
      today: { jobs: 500, priceMicros: 1_000, costMicros: 500 },
      month: null,
      monthBefore: null,
    });
    expect([chart.days[0], outcomes.from]).toEqual(["2026-11-20", "2026-11-20"]);
    expect(chart.total).toEqual(chart.days.map(() => 1_000));
  });
});
