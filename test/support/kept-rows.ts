import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { JobRows } from "../../src/jobs/job-rows.ts";
import { unfinishedJobs } from "../../src/jobs/job-store.ts";
import type { Job } from "../../src/jobs/job.ts";

/** Looks whether a tracker has its unfinished jobs in memory as its table has them. */
export function expectKeptAsStored(rows: JobRows, sql: SqlStorage): void {
  if (hasTable(sql)) expect(byId(rows.unfinished()), "in memory").toEqual(byId(unfinishedJobs(sql)));
}

export const isKeptAsStored = (rows: JobRows, sql: SqlStorage): boolean =>
  !hasTable(sql) || isDeepStrictEqual(byId(rows.unfinished()), byId(unfinishedJobs(sql)));

/** A tracker that was asked about nothing has none. */
const hasTable = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").toArray().length > 0;

const byId = (jobs: Job[]): Job[] => jobs.sort((a, b) => a.id.localeCompare(b.id));
