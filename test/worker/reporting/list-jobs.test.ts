import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { applyEntries, listJobs, readLateJobs, type JobsQuery, type ListedJob } from "../../../src/reporting/index.ts";
import { databases, explaining, newTenant } from "./databases.ts";
import { completedJobs, jobIdOf, journalOf, ledgerWith } from "./journals.ts";

const { report } = await databases();

async function page(query: JobsQuery) {
  const answer = await listJobs(report, query);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

/** Walks the list to its end. */
async function allPages(query: JobsQuery, between = async () => {}): Promise<ListedJob[]> {
  const found: ListedJob[] = [];
  let cursor: string | null = null;
  do {
    const { jobs, nextCursor } = await page({ ...query, cursor });
    expect(jobs.length).toBeLessThanOrEqual(query.limit);
    found.push(...jobs);
    cursor = nextCursor;
    await between();
  } while (cursor !== null);
  return found;
}

/** Moves every job to one moment, so that only the id orders them. */
async function admitAllAt(tenant: string, at: number): Promise<void> {
  await report.prepare("UPDATE jobs SET admitted_at = ?2 WHERE tenant = ?1").bind(tenant, at).run();
}

test("a job is listed with all that its entries said", async () => {
  const tenant = newTenant();
  const journal = completedJobs(tenant, [{ team: "red", tags: { film: "otter" } }]);
  await applyEntries(report, tenant, journal);
  expect(await page({ tenant, limit: 10 })).toEqual({
    jobs: [
      {
        id: jobIdOf(tenant, 0),
        mode: "live",
        model: "kwaivgi/kling-v2.0-t2v-master",
        key: "key_a",
        team: "red",
        status: "completed",
        seconds: 5,
        costMicros: 1_300_000,
        priceMicros: 1_430_000,
        rateVersion: 1,
        tags: { film: "otter" },
        admittedAt: journal[0]!.at,
        endedAt: journal[1]!.at - 1_000,
        outcome: "completed",
        reason: null,
      },
    ],
    nextCursor: null,
  });
});

test("price is null until captured", async () => {
  const tenant = newTenant();
  const [hold, capture] = completedJobs(tenant, [{}]) as [JournalEntry, JournalEntry];
  await applyEntries(report, tenant, [hold]);
  expect((await page({ tenant, limit: 1 })).jobs).toMatchObject([
    { status: "admitted", priceMicros: null, endedAt: null },
  ]);
  await applyEntries(report, tenant, [capture]);
  expect((await page({ tenant, limit: 1 })).jobs).toMatchObject([{ status: "completed", priceMicros: 1_430_000 }]);
});

test("pages are newest first, each job once, also while new jobs are admitted", async () => {
  const tenant = newTenant();
  const journal = completedJobs(
    tenant,
    Array.from({ length: 40 }, () => ({})),
  );
  await applyEntries(report, tenant, journal.slice(0, 50));
  let next = 50;
  const found = await allPages({ tenant, limit: 4 }, async () => {
    await applyEntries(report, tenant, journal.slice(next, (next += 2)));
  });
  expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, i) => jobIdOf(tenant, 24 - i)));
});

test("jobs of one millisecond page by their id", async () => {
  const tenant = newTenant();
  await applyEntries(
    report,
    tenant,
    completedJobs(
      tenant,
      Array.from({ length: 23 }, () => ({})),
    ),
  );
  await admitAllAt(tenant, 1_800_000_000_000);
  const found = await allPages({ tenant, limit: 5 });
  expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 23 }, (_, i) => jobIdOf(tenant, 22 - i)));
});

test("the last full page ends the list", async () => {
  const tenant = newTenant();
  await applyEntries(report, tenant, completedJobs(tenant, [{}, {}]));
  expect((await page({ tenant, limit: 2 })).nextCursor).toBeNull();
});

test("each filter keeps its jobs and no others", async () => {
  const tenant = newTenant();
  const facts = [{ mode: "test" as const }, { model: "kwaivgi/x" }, { team: "red" }, { keyId: "key_z" }, {}];
  const journal = completedJobs(tenant, facts);
  await applyEntries(report, tenant, journal.slice(0, 9));
  const cases: [Partial<JobsQuery>, number[]][] = [
    [{ mode: "test" }, [0]],
    [{ model: "kwaivgi/x" }, [1]],
    [{ team: "red" }, [2]],
    [{ team: null }, [4, 3, 1, 0]],
    [{ key: "key_z" }, [3]],
    [{ status: "admitted" }, [4]],
    [{ status: "completed", mode: "live" }, [3, 2, 1]],
    [{ team: "red", key: "key_z" }, []],
  ];
  for (const [filter, jobs] of cases) {
    const found = await allPages({ tenant, limit: 2, ...filter });
    expect(
      found.map(({ id }) => id),
      JSON.stringify(filter),
    ).toEqual(jobs.map((job) => jobIdOf(tenant, job)));
  }
});

test("a filter that fits one job in 12,000 finds it, and no page looks through more than 2,000", async () => {
  const tenant = newTenant();
  await report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
       INSERT INTO jobs (tenant, id, mode, model, key_id, team, seconds, cost_micros, rate_version, tags, admitted_at,
                         status, status_seq)
       SELECT ?1, ?1 || printf('%020x', i), 'live', 'm', iif(i = 7, 'rare', 'usual'), '', 5, 1, 1, '{}', i, 'admitted', i
       FROM n`,
    )
    .bind(tenant)
    .run();
  const sizes: number[] = [];
  let cursor: string | null = null;
  do {
    const { jobs, nextCursor } = await page({ tenant, limit: 100, key: "rare", cursor });
    sizes.push(jobs.length);
    cursor = nextCursor;
  } while (cursor !== null);
  expect(sizes).toEqual([0, 0, 0, 0, 0, 1, 0]);
});

test("a span of time, what has ended, and ids that begin so", async () => {
  const tenant = newTenant();
  const journal = completedJobs(
    tenant,
    Array.from({ length: 20 }, () => ({})),
  );
  await applyEntries(report, tenant, journal.slice(0, 39));
  const at = (job: number) => journal[2 * job]!.at;
  const numbers = async (query: Partial<JobsQuery>) =>
    (await allPages({ tenant, limit: 3, ...query })).map(({ id }) => Number.parseInt(id.slice(-4), 16));
  expect(await numbers({ from: at(5), to: at(9) })).toEqual([8, 7, 6, 5]);
  expect(await numbers({ ended: false })).toEqual([19]);
  expect(await numbers({ ended: true, from: at(17) })).toEqual([18, 17]);
  expect(await numbers({ idPrefix: jobIdOf(tenant, 7) })).toEqual([7]);
  expect(await numbers({ idPrefix: jobIdOf(tenant, 0).slice(0, 31) })).toEqual([...Array(16).keys()]);
  expect(await numbers({ idPrefix: jobIdOf(tenant, 0).slice(0, 31), to: at(4), ended: true })).toEqual([0, 1, 2, 3]);
  expect(await numbers({ idPrefix: `${tenant}f` })).toEqual([]);
  expect(await numbers({ idPrefix: jobIdOf(newTenant(), 0).slice(0, 13) })).toEqual([]);
});

test("what D1 has not heard is listed in its place, whichever filter and page", async () => {
  const models = ["a", "b"];
  const facts = Array.from({ length: 12 }, (_, job) => ({
    model: models[job % 2]!,
    team: job % 3 === 0 ? "red" : null,
  }));
  const scenario = fc.record({
    limit: fc.integer({ min: 1, max: 5 }),
    heard: fc.subarray([...Array(24).keys()]),
    filter: fc.constantFrom<Partial<JobsQuery>>(
      {},
      { model: "a" },
      { team: "red", ended: true },
      { status: "admitted" },
    ),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ limit, heard, filter }) => {
      const tenant = newTenant();
      const journal = completedJobs(tenant, facts).slice(0, 21);
      const entries = journal.filter((_, index) => heard.includes(index));
      await applyEntries(report, tenant, entries);
      const late = await readLateJobs(report, tenant, ledgerWith(journal));
      if (!late.ok) throw new Error(late.error.message);
      const found: ListedJob[] = [];
      let cursor: string | null = null;
      do {
        const answer = await listJobs(report, { tenant, limit, cursor, ...filter }, late.value);
        if (!answer.ok) throw new Error(answer.error.message);
        expect(answer.value.jobs.length).toBeLessThanOrEqual(limit);
        found.push(...answer.value.jobs);
        cursor = answer.value.nextCursor;
      } while (cursor !== null);
      await applyEntries(report, tenant, journal);
      expect(found).toEqual(await allPages({ tenant, limit: 100, ...filter }));
    }),
    { numRuns: 40 },
  );
});

test("another tenant's jobs are never listed, not even with its cursor", async () => {
  const [mine, other] = [newTenant(), newTenant()];
  await applyEntries(report, mine, completedJobs(mine, [{}, {}, {}]));
  await applyEntries(report, other, completedJobs(other, [{}, {}, {}]));
  const { nextCursor } = await page({ tenant: other, limit: 1 });
  const { jobs } = await page({ tenant: mine, limit: 100, cursor: nextCursor });
  expect(jobs.length).toBeGreaterThan(0);
  expect(jobs.every(({ id }) => id.startsWith(mine))).toBe(true);
});

test("a job whose facts have not arrived is not listed until they have", async () => {
  const tenant = newTenant();
  const facts = completedFacts();
  const journal = journalOf(tenant, [{ facts, steps: ["hold", "unknown"] }], [0, 0]);
  await applyEntries(report, tenant, journal.slice(1));
  expect(await page({ tenant, limit: 10 })).toEqual({ jobs: [], nextCursor: null });
  await applyEntries(report, tenant, journal.slice(0, 1));
  expect((await page({ tenant, limit: 10 })).jobs).toMatchObject([{ status: "unknown", model: facts.model }]);
});

test.each([
  ["limit", { limit: 0 }],
  ["limit", { limit: 101 }],
  ["limit", { limit: 1.5 }],
  ["cursor", { limit: 1, cursor: "" }],
  ["cursor", { limit: 1, cursor: "bm90IG91cnM" }],
  ["cursor", { limit: 1, cursor: "!!" }],
])("a bad %s is refused: %o", async (field, query) => {
  const answer = await listJobs(report, { tenant: newTenant(), ...query });
  expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", issues: [{ field }] } });
});

test("every page reads the index in its order: no scan of jobs and no sort", async () => {
  const tenant = newTenant();
  await applyEntries(report, tenant, completedJobs(tenant, [{}, {}]));
  const { nextCursor } = await page({ tenant, limit: 1 });
  const { db, plans } = explaining(report);
  for (const cursor of [null, nextCursor]) {
    await listJobs(db, { tenant, limit: 1, cursor });
    await listJobs(db, { tenant, limit: 1, cursor, status: "failed", team: "red" });
  }
  const seen = await plans();
  // A page each, and for those with filters also the question how far they may look.
  expect(seen).toHaveLength(6);
  for (const plan of seen) {
    expect(plan).toMatch(/SEARCH jobs USING (COVERING )?INDEX jobs_tenant_admitted/);
    expect(plan).not.toContain("TEMP B-TREE");
  }
});

function completedFacts() {
  const [hold] = completedJobs("000000000000", [{}]);
  if (hold?.body.kind !== "hold") throw new Error("a journal begins with a hold");
  const { jobId: _, admittedAt: __, ...facts } = hold.body.job;
  return facts;
}
