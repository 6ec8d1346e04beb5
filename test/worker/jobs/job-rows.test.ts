import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JobRows } from "../../../src/jobs/job-rows.ts";
import { findJob, unfinishedJobs, updateJob } from "../../../src/jobs/job-store.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { TRACKER_STEPS } from "../../../src/jobs/schema.ts";
import { migrate } from "../../../src/storage/migrate.ts";
import { expectKeptAsStored } from "../../support/kept-rows.ts";
import { jobIn, RESULT } from "../../unit/jobs/job-fixture.ts";
import * as w from "./world.ts";

const IDS = ["a", "b", "c"];

/** The rows of a tracker of their own, and its table. */
const withRows = <T>(work: (rows: JobRows, sql: SqlStorage) => T): Promise<T> =>
  w.inTracker(`${w.hex(6)}0000${w.hex(8)}`, (sql, { storage }) => {
    migrate(storage, TRACKER_STEPS);
    sql.exec("DELETE FROM jobs");
    return work(new JobRows(storage), sql);
  });

class Broken extends Error {}

type Step =
  | { kind: "insert"; id: string; nextAt: number | null }
  | { kind: "update"; id: string; change: Partial<Job> }
  | { kind: "transaction"; steps: Step[]; breaks: boolean };

const change: fc.Arbitrary<Partial<Job>> = fc.record(
  {
    nextAt: fc.constantFrom(null, 1, 2, undefined),
    state: fc.constantFrom("running" as const, "completed" as const),
    result: fc.constantFrom(null, RESULT),
    claimed: fc.boolean(),
    attempts: fc.nat(3),
    upstreamId: fc.constantFrom(null, "t1", undefined),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Job>>;

const { step } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant("insert" as const), id: fc.constantFrom(...IDS), nextAt: fc.constantFrom(null, 5) }),
    fc.record({ kind: fc.constant("update" as const), id: fc.constantFrom(...IDS), change }),
    fc.record({ kind: fc.constant("transaction" as const), steps: tie("steps"), breaks: fc.boolean() }),
  ),
  steps: fc.array(tie("step"), { maxLength: 4 }),
}));

function play(rows: JobRows, one: Step): void {
  if (one.kind === "insert") rows.insert(jobIn({ id: one.id, state: "running", nextAt: one.nextAt }));
  if (one.kind === "update" && rows.find(one.id)) rows.update(one.id, one.change);
  if (one.kind !== "transaction") return;
  try {
    rows.transaction(() => {
      for (const inner of one.steps) play(rows, inner);
      if (one.breaks) throw new Broken();
    });
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
  }
}

describe("a tracker's jobs in memory", () => {
  it("are as in its table after any history, with what was rolled back", () =>
    withRows((rows, sql) => {
      const history = fc.array(step, { maxLength: 12 });
      fc.assert(
        fc.property(history, (steps) => {
          sql.exec("DELETE FROM jobs");
          rows.reread();
          for (const one of steps) {
            play(rows, one);
            expectKeptAsStored(rows, sql);
            for (const id of IDS) expect(rows.find(id)).toEqual(findJob(sql, id));
            expect(rows.countUnfinished()).toBe(unfinishedJobs(sql).length);
          }
        }),
        { numRuns: 200 },
      );
    }));

  it("are given without a read, and leave with their end", () =>
    withRows((rows, sql) => {
      rows.insert(jobIn({ id: "a", state: "running", nextAt: 5 }));
      updateJob(sql, { id: "a", isOpen: true }, { attempts: 7 });
      expect(rows.find("a")).toMatchObject({ attempts: 0 });
      expect(rows.shown("a")).toMatchObject({ id: "a", state: "running" });
      rows.reread();
      expect(rows.find("a")).toMatchObject({ attempts: 7 });
      rows.update("a", { state: "completed", result: RESULT, nextAt: null });
      expect(rows.countUnfinished()).toBe(0);
      expect(rows.find("a")).toMatchObject({ state: "completed", attempts: 7 });
      expect(rows.shown("a")).toMatchObject({ id: "a", state: "completed", result: RESULT });
      expect(rows.find("b")).toBeNull();
      expect(rows.shown("b")).toBeNull();
    }));

  it("stay as they are where an id comes once more", () =>
    withRows((rows) => {
      expect(rows.insert(jobIn({ id: "a", state: "running", nextAt: 5 }))).toBe(true);
      expect(rows.insert(jobIn({ id: "a", state: "queued", nextAt: 9 }))).toBe(false);
      expect(rows.find("a")).toMatchObject({ state: "running", nextAt: 5 });
      expect(rows.insert(jobIn({ id: "b", state: "void", nextAt: null }))).toBe(true);
      expect(rows.insert(jobIn({ id: "b", state: "queued", nextAt: 9 }))).toBe(false);
      expect(rows.find("b")).toMatchObject({ state: "void" });
    }));
});
