import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { ENDED, type Job } from "../../../src/jobs/job.ts";
import { findJob } from "../../../src/jobs/job-store.ts";
import type { JobTracker } from "../../../src/jobs/job-tracker.ts";
import { parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import type { EntryBody } from "../../../src/ledger/journal-entry.ts";
import { expectKeptAsStored } from "../../support/kept-rows.ts";
import { testEnv } from "../../support/test-env.ts";
import type { Sea, Tenant } from "./sea.ts";

/** A tenant's whole journal. */
export async function journalOf(tenant: Tenant): Promise<EntryBody[]> {
  const all: EntryBody[] = [];
  for (let after = 0; ;) {
    const { entries, headSeq } = await ledgerOf(testEnv, tenant.id).entries(after, 500);
    all.push(...entries.map(({ body }) => body));
    after += entries.length;
    if (entries.length === 0 || after >= headSeq) return all;
  }
}

/** One tracker's rows, and how to make it do something. */
export interface Tracker {
  tenant: Tenant;
  rows: Job[];
  /** Rows of a permit book that were not returned. */
  permits: number;
  write: (sql: string, ...binds: (string | number)[]) => Promise<void>;
  ring: () => Promise<void>;
}

/** The trackers that a tenant's holds name, with every row that they have. */
export async function trackersOf(tenant: Tenant, journal: readonly EntryBody[]): Promise<Tracker[]> {
  const ids = journal.flatMap((body) => (body.kind === "hold" ? [body.job.jobId] : []));
  const names = new Set(ids.flatMap((id) => parseJobId(id) ?? []).map(trackerName));
  return Promise.all([...names].map((name) => trackerNamed(tenant, name)));
}

async function trackerNamed(tenant: Tenant, name: string): Promise<Tracker> {
  const stub = (): DurableObjectStub => testEnv.JOB_TRACKER.get(testEnv.JOB_TRACKER.idFromName(name));
  const look = await runInDurableObject(stub(), (object, { storage: { sql } }) => {
    expectKeptAsStored((object as JobTracker).rows, sql);
    // A hold that was never started has not made its tracker.
    const tables = sql.exec("SELECT name FROM sqlite_master WHERE name = 'jobs'").toArray();
    if (tables.length === 0) return { rows: [], permits: 0 };
    const ids = sql.exec("SELECT id FROM jobs").toArray();
    const rows = ids.flatMap(({ id }) => findJob(sql, String(id)) ?? []);
    // Those that were given up are only remembered.
    return { rows, permits: Number(sql.exec("SELECT COUNT(*) AS n FROM permits WHERE back < 2").one()["n"]) };
  });
  return {
    tenant,
    ...look,
    write: (sql, ...binds) =>
      runInDurableObject(stub(), (object, { storage }) => {
        storage.sql.exec(sql, ...binds);
        // What a test has changed in the table the tracker does not know.
        (object as JobTracker).rows.reread();
      }),
    ring: async () => void (await runDurableObjectAlarm(stub())),
  };
}

export const allTrackers = async (sea: Sea): Promise<Tracker[]> =>
  (await Promise.all(sea.tenants.map(async (tenant) => trackersOf(tenant, await journalOf(tenant))))).flat();

/** Ended, settled, and nothing left to do but to look whether a task that was given up ends after all. */
export const isDone = (job: Job): boolean =>
  ENDED.has(job.state) && job.settlement === null && job.loss === null && (job.nextAt === null || isLate(job));

export const isLate = (job: Job): boolean => job.state === "expired" || job.outcome === "never_sent";
