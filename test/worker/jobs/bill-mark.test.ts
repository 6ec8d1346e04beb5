import { afterEach, describe, expect, it, vi } from "vitest";
import { BillBook } from "../../../src/jobs/bill-book.ts";
import { findJob, insertJob, jobsToReconcile, nextChore, updateJob } from "../../../src/jobs/job-store.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { TRACKER_STEPS } from "../../../src/jobs/schema.ts";
import { migrate } from "../../../src/storage/migrate.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import { alertsOf, compare, comparedAt, ended, makeDue, markOf, ringTracker } from "./bills.ts";
import * as w from "./world.ts";

const HOUR = 3_600_000;

afterEach(() => vi.restoreAllMocks());

/** So many more jobs as this one, in its tracker and with its task. */
const copies = (job: Job, count: number, change: Partial<Job> = {}): Promise<string[]> =>
  w.inTracker(job.id, (sql) =>
    Array.from({ length: count }, () => {
      const id = job.id.slice(0, 16) + w.hex(8);
      insertJob(sql, { ...job, ...change, id });
      return id;
    }),
  );

/** The bills that are read; 40 tasks at most in each. */
function readsOfBills(): () => number {
  let reads = 0;
  spyFetch((request, real) => {
    if (request.url.includes("billings")) reads += 1;
    return real(request);
  });
  return () => reads;
}

/** The tracker's instance dies, and its mark is as it was before: as if that had come between the bills and the mark. */
async function dieBeforeMark(jobId: string, before: { at: number; job_id: string }): Promise<void> {
  await w.inTracker(jobId, (sql) => sql.exec("UPDATE compared SET at = ?, job_id = ?", before.at, before.job_id));
  await w.crash();
}

/** The book of an instance that has just begun, over the rows of this job's tracker. */
const withBook = <T>(jobId: string, work: (book: BillBook, sql: SqlStorage) => T): Promise<T> =>
  w.inTracker(jobId, (sql) =>
    work(new BillBook(sql, (job, change) => updateJob(sql, { id: job.id, isOpen: job.nextAt !== null }, change)), sql),
  );

describe("the mark up to which bills were compared", () => {
  it("passes more jobs of one time than a page holds, page by page in one alarm, and each is read once", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const ids = [id, ...(await copies(await w.rowOf(id), 89))];
    const at = await makeDue(...ids);
    const before = await Promise.all(ids.map(w.rowOf));
    const reads = readsOfBills();
    await ringTracker(id);
    expect(reads()).toBe(3);
    expect(await markOf(id)).toEqual({ at, job_id: ids.toSorted().at(-1) });
    expect(await Promise.all(ids.map(comparedAt))).toEqual(ids.map(() => at));
    expect(await Promise.all(ids.map(w.rowOf)), "no job is written").toEqual(before);
  });

  it("stands between jobs of one time where the instance dies after the first page", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const ids = [id, ...(await copies(await w.rowOf(id), 49))].toSorted();
    const at = await makeDue(...ids);
    await withBook(id, (book, sql) => {
      const page = book.page();
      expect(page.map((job) => job.id)).toEqual(ids.slice(0, 40));
      book.passed(page);
      expect(nextChore(sql, { bill: book.mark(), tell: false }), "the others of that time are due").toBe(at);
    });
    await w.crash();
    expect(await Promise.all(ids.map(comparedAt))).toEqual(ids.map((_id, index) => (index < 40 ? at : null)));
    const reads = readsOfBills();
    await ringTracker(id);
    expect(reads()).toBe(1);
    expect(await Promise.all(ids.map(comparedAt))).toEqual(ids.map(() => at));
  });

  it("asks for no alarm for what it has passed", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const at = await makeDue(id);
    const chore = () =>
      withBook(id, (book, sql) => [
        nextChore(sql, { bill: book.mark(), tell: true }),
        nextChore(sql, { bill: null, tell: true }),
      ]);
    expect(await chore()).toEqual([at, null]);
    await ringTracker(id);
    expect(await chore()).toEqual([null, null]);
  });

  it("is found by the index, however many were compared before it", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const job = await w.rowOf(id);
    await copies(job, 200, { reconcileAt: 5 });
    const [last = ""] = await copies(job, 1, { reconcileAt: 7 });
    await w.inTracker(id, (sql) => {
      const read: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
      const counted = {
        exec: (query: string, ...binds: unknown[]) => {
          const cursor = sql.exec(query, ...binds);
          read.push(cursor);
          return cursor;
        },
      } as unknown as SqlStorage;
      const mark = { at: 5, jobId: "~" };
      expect(jobsToReconcile(counted, mark, 10).map((found) => found.id)).toEqual([last]);
      expect(nextChore(counted, { bill: mark, tell: false })).toBe(7);
      for (const { rowsRead } of read) expect(rowsRead).toBeLessThan(8);
    });
  });

  it("of a page that dies before it: what agreed is compared once more, what is to be looked at again later, what differs is not", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const job = await w.rowOf(id);
    const [again = ""] = await copies(job, 1, { costMicros: 1 });
    const [differs = ""] = await copies(job, 1, { costMicros: 1, reconcileTries: 3 });
    const before = await markOf(id);
    const at = await compare(id, again, differs);
    await dieBeforeMark(id, before);
    expect(await comparedAt(id)).toBeNull();
    expect(await comparedAt(differs)).not.toBeNull();
    const written = await Promise.all([again, differs].map(w.rowOf));
    const reads = readsOfBills();
    await ringTracker(id);
    expect(reads()).toBe(1);
    expect(await Promise.all([again, differs].map(w.rowOf))).toEqual(written);
    expect(await markOf(id)).toEqual({ at, job_id: id });
    expect([await comparedAt(id), await comparedAt(again)]).toEqual([at, null]);
    expect(await alertsOf(differs)).toHaveLength(1);
  });

  it("passes a page of two accounts of which one cannot be read: that one's jobs come later, all of them", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const gone = await copies(await w.rowOf(id), 3, { account: "gone" });
    const at = await compare(id, ...gone);
    expect(await comparedAt(id)).toBe(at);
    const { at: mark } = await markOf(id);
    for (const other of gone) {
      expect(await comparedAt(other)).toBeNull();
      const row = await w.rowOf(other);
      expect(row.reconcileTries).toBe(1);
      expect(row.reconcileAt).toBeGreaterThan(Math.max(mark, Date.now() + 8 * HOUR - 1));
    }
    await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET account = 'live' WHERE account = 'gone'"));
    const later = await compare(...gone);
    for (const other of gone) expect(await comparedAt(other)).toBe(later);
  });

  it("one that could not be compared for a month is given up, and its timeline does not say that it was", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const [old = ""] = await copies(await w.rowOf(id), 1, { account: "gone", createdAt: Date.now() - 31 * 24 * HOUR });
    await compare(old);
    expect(await w.rowOf(old)).toMatchObject({ reconcileAt: null, reconciledAt: null });
    expect(await comparedAt(old)).toBeNull();
    expect(await alertsOf(old)).toHaveLength(1);
  });

  it("a job that settles, or is to be looked at again, comes after it, also by a clock that was set back", async () => {
    const world = await w.newWorld();
    const first = await ended(world);
    const mark = Date.now() + 100 * HOUR;
    await w.inTracker(first, (sql) => sql.exec("UPDATE compared SET at = ?, job_id = 'f'", mark));
    await w.crash();
    // Which of a tenant's trackers a job gets is not the test's to say.
    let second = await ended(world);
    while (second.slice(0, 16) !== first.slice(0, 16)) second = await ended(world);
    expect((await w.rowOf(second)).reconcileAt).toBeGreaterThan(mark);
    await withBook(second, (book, sql) => {
      const job = findJob(sql, second);
      if (job) expect(book.again(job)).toBe(true);
      expect(findJob(sql, second)?.reconcileAt).toBeGreaterThan(mark);
    });
  });

  it("a job that settles while a page is read comes after that page, also by a clock that was set back", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    await makeDue(id);
    const at = Date.now() - 1;
    await withBook(id, (book, sql) => {
      sql.exec("UPDATE jobs SET reconcile_at = ? WHERE id = ?", at, id);
      const page = book.page();
      expect(page.map((job) => job.id)).toEqual([id]);
      vi.spyOn(Date, "now").mockReturnValue(at - 50 * HOUR);
      expect(book.firstAt(id)).toBeGreaterThan(at);
      book.passed(page);
      expect(book.firstAt(id)).toBeGreaterThan(at);
    });
  });

  it("is at the beginning for a tracker from before it: what was due then is compared, what was compared is not", async () => {
    const world = await w.newWorld();
    const id = await ended(world);
    const [done = ""] = await copies(await w.rowOf(id), 1, {
      reconcileAt: null,
      reconciledAt: 77,
      billedMicros: w.PRICE,
    });
    const step = TRACKER_STEPS.findIndex((text) => text.includes("CREATE TABLE compared"));
    await w.inTracker(id, (sql, { storage }) => {
      sql.exec("DROP TABLE compared");
      sql.exec("DELETE FROM schema_steps WHERE step > ?", step);
      sql.exec("UPDATE jobs SET reconcile_at = 3 WHERE id = ?", id);
      migrate(storage, TRACKER_STEPS);
    });
    await w.crash();
    const reads = readsOfBills();
    await ringTracker(id);
    expect(reads()).toBe(1);
    expect(await markOf(id)).toEqual({ at: 3, job_id: id });
    expect([await comparedAt(id), await comparedAt(done)]).toEqual([3, 77]);
  });
});
