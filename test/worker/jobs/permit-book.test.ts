import { expect, it } from "vitest";
import { insertJob } from "../../../src/jobs/job-store.ts";
import { newJob } from "../../../src/jobs/new-job.ts";
import { PermitBook } from "../../../src/jobs/permit-book.ts";
import { TRACKER_STEPS } from "../../../src/jobs/schema.ts";
import type { StartRequest } from "../../../src/jobs/types.ts";
import { makeJobId } from "../../../src/keys/job-id.ts";
import { migrate } from "../../../src/storage/migrate.ts";
import { ROUTE } from "../../support/route.ts";
import * as w from "./world.ts";

const T0 = 1_800_000_000_000;
const LEASE = 30_000;

/** A tracker's book of its own, with one queued job. */
const withBook = <T>(work: (book: PermitBook, jobId: string) => T): Promise<T> => {
  const tenant = w.hex(6);
  const jobId = makeJobId({ tenant, shard: 0 }, w.hex(8));
  return w.inTracker(jobId, (sql, state) => {
    migrate(state.storage, TRACKER_STEPS);
    const job = { jobId, admittedAt: T0, mode: "live", model: w.T2V, priceMicros: 1, costMicros: 1, basis: {} };
    const rest = {
      input: new Uint8Array(),
      inputHash: "",
      route: { ...ROUTE, accounts: ["live"] },
      keepInputMs: 0,
      waitMs: 0,
    };
    insertJob(sql, newJob({ tenant, job, ...rest } as unknown as StartRequest, T0, T0));
    return work(new PermitBook(state.storage), jobId);
  });
};

const permit = (id: number, jobId: string | null) => ({ id, jobId, leaseUntil: T0 + LEASE, extends: false });

it("a POST uses one permit, though the job has two", () =>
  withBook((book, jobId) => {
    book.keep("live", [permit(1, jobId), permit(2, jobId)], T0);
    expect(book.use("live", jobId, T0)).toBe(true);
    expect(book.uses("live", [1, 2], T0).map((answer) => [answer.id, "used" in answer && answer.used])).toEqual([
      [1, false],
      [2, false],
    ]);
    expect(book.usedBy("live", jobId)).toBe(2);
  }));

it("permits that come when their lease is over are not kept: no job finds them ready", () =>
  withBook((book, jobId) => {
    book.keep("live", [permit(1, null), permit(2, jobId)], T0 + LEASE);
    expect(book.countSpares("live", T0)).toBe(0);
    expect(book.take("live", jobId, T0)).toBe(false);
    expect(book.toReturn().size, "the account has asked about them, or will").toBe(0);
  }));

it("a spare is taken by one job, and used before its lease is over", () =>
  withBook((book, jobId) => {
    book.keep("live", [permit(1, null)], T0);
    expect(book.take("live", jobId, T0 + LEASE - 1_000), "its last moments").toBe(false);
    expect(book.take("live", jobId, T0)).toBe(true);
    expect(book.take("live", "another", T0)).toBe(false);
    expect(book.use("live", jobId, T0 + LEASE)).toBe(false);
    expect(book.use("live", jobId, T0)).toBe(true);
  }));
