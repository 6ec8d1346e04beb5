import { expect } from "vitest";
import { unfinishedJobs } from "../../src/jobs/job-store.ts";
import type { JobTracker } from "../../src/jobs/job-tracker.ts";

/** Looks whether a tracker has its unfinished jobs in memory as its table has them. */
export function expectKeptAsStored({ rows }: Pick<JobTracker, "rows">, sql: SqlStorage): void {
  // A tracker that was asked about nothing has no table.
  if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").toArray().length === 0) return;
  const byId = (a: { id: string }, b: { id: string }): number => a.id.localeCompare(b.id);
  expect(rows.unfinished().sort(byId), "in memory").toEqual(unfinishedJobs(sql).sort(byId));
}
