import { expect, vi } from "vitest";
import { JobBook } from "../../../../src/jobs/job-book.ts";
import type { Job } from "../../../../src/jobs/job.ts";
import { rowFor } from "../../../../src/jobs/machine.ts";

/** One event that a real tracker applied: the row of the table that counted, and the job before and after. */
interface Taken {
  jobId: string;
  row: string;
  before: Job;
  after: Job | null;
}

const taken: Taken[] = [];

/** Writes down which rows the trackers' own books take, from here on. Nothing that they do is changed. */
export function traceRows(): void {
  const real = JobBook.prototype.apply;
  vi.spyOn(JobBook.prototype, "apply").mockImplementation(function (this: JobBook, jobId, event) {
    const before = this.find(jobId);
    const row = before && rowFor(before, event, Date.now(), this.pace).id;
    const after = real.call(this, jobId, event);
    if (before && row !== null) taken.push({ jobId, row, before, after });
    return after;
  });
}

/** The last time that this job took this row; waits for what an alarm or a background step has still to do. */
export async function takenBy(jobId: string, row: string): Promise<Taken> {
  const find = () => taken.findLast((step) => step.jobId === jobId && step.row === row);
  const rows = () => taken.filter((step) => step.jobId === jobId).map((step) => step.row);
  await expect.poll(rows, { timeout: 5_000 }).toContain(row);
  const found = find();
  if (!found) throw new Error(`${jobId} did not take ${row}`);
  return found;
}
