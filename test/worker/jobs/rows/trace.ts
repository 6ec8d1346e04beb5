import { expect, vi } from "vitest";
import { JobBook } from "../../../../src/jobs/job-book.ts";
import type { Job } from "../../../../src/jobs/job.ts";
import { rowFor, type JobEvent } from "../../../../src/jobs/machine.ts";

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
  const { apply, applyPoll } = JobBook.prototype;
  const traced =
    <E extends JobEvent>(real: (this: JobBook, jobId: string, event: E) => Job | null) =>
    (book: JobBook, jobId: string, event: E): Job | null => {
      const before = book.find(jobId);
      const row = before && rowFor(before, event, Date.now(), book.pace).id;
      const after = real.call(book, jobId, event);
      if (before && row !== null) taken.push({ jobId, row, before, after });
      return after;
    };
  vi.spyOn(JobBook.prototype, "apply").mockImplementation(function (this: JobBook, jobId, event) {
    return traced(apply)(this, jobId, event);
  });
  vi.spyOn(JobBook.prototype, "applyPoll").mockImplementation(function (this: JobBook, jobId, event, from) {
    const real = function (this: JobBook, id: string, polled: typeof event) {
      return applyPoll.call(this, id, polled, from);
    };
    return traced(real)(this, jobId, event);
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
