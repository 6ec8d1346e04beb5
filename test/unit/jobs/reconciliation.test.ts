import { describe, expect, it } from "vitest";
import { compareBill, comparedAt, reconcileAt } from "../../../src/jobs/reconciliation.ts";
import { readBill } from "../../../src/upstream/read-bill.ts";
import { jobIn } from "./job-fixture.ts";

const COST = 1_300_000;
const HOUR = 3_600_000;

const record = (type: string, price: unknown, uuid: unknown = "u1") => ({
  billing_type: type,
  price,
  prediction: { uuid },
});

/** Of the tracker whose looks fall on the hour. */
const JOB = "0".repeat(32);

describe("what the bill says of a task", () => {
  it.each([
    ["a charge", [record("deduct", 1.3)], COST],
    ["a charge that was given back", [record("deduct", 1.3), record("refund", 1.3)], 0],
    ["a part given back", [record("refund", 0.3), record("deduct", 1.3)], 1_000_000],
    ["sums that floats do not have", [record("deduct", 0.1), record("deduct", 0.2)], 300_000],
    ["whole millionths, as an older edition has them", [record("deduct", COST)], COST],
  ])("%s", (_name, items, micros) => {
    expect(readBill(items).get("u1")).toBe(micros);
  });

  it("passes over what is of no task, of no price or of a type that nobody knows", () => {
    const items = [record("deduct", "1.3"), record("gift", 1), record("deduct", 1, 7), { billing_type: "deduct" }];
    expect(readBill(items).size).toBe(0);
  });
});

describe("a settled job against the bill", () => {
  const charged = jobIn({ state: "completed", settled: "capture", costMicros: COST });
  const given = jobIn({ state: "failed", settled: "release", costMicros: COST });
  const loss = jobIn({ state: "completed", settled: "release", costMicros: COST });

  const kept = jobIn({ state: "expired", settled: "release", lossBooked: true, costMicros: COST });

  it.each([
    ["captured, and charged", charged, COST],
    ["given back, and booked as a loss without an output", kept, COST],
    ["released, and given back", given, 0],
    ["released, and never on the bill", given, null],
    ["completed after it was released: a loss that is booked", loss, COST],
  ])("%s: agrees", (_name, job, billed) => {
    expect(compareBill(job, billed)).toEqual({ kind: "agrees" });
  });

  it.each([
    ["captured, and given back", charged, 0],
    ["captured, and not on the bill", charged, null],
    ["captured at another cost", charged, COST - 1],
    ["released, and charged", given, COST],
  ])("%s: looked at again, and told to people in the end", (_name, job, billed) => {
    expect(compareBill(job, billed)).toEqual({ kind: "again" });
    expect(compareBill({ ...job, reconcileTries: 3 }, billed)).toMatchObject({ kind: "differs" });
  });

  it("after WaveSpeed's refunds, in steps of an hour, each wait twice the last", () => {
    const now = 1_000 * HOUR + 1;
    const hours = [0, 1, 2].map((tries) => (reconcileAt(now, tries, JOB, 0) - 1_000 * HOUR) / HOUR);
    expect(hours).toEqual([5, 9, 17]);
  });

  it("jobs of a tracker that settle within an hour have the same time, other trackers another minute", () => {
    const last = 1_001 * HOUR;
    expect(reconcileAt(last, 0, JOB, 0)).toBe(
      reconcileAt(last - HOUR + 1, 0, `${JOB.slice(0, 16)}${"f".repeat(16)}`, 0),
    );
    expect(reconcileAt(last + 1, 0, JOB, 0)).toBe(reconcileAt(last, 0, JOB, 0) + HOUR);
    const minutes = Array.from({ length: 500 }, (_, shard) => {
      const id = `${"0".repeat(12)}${shard.toString(16).padStart(4, "0")}${"0".repeat(16)}`;
      return (reconcileAt(last, 0, id, 0) % HOUR) / 60_000;
    });
    expect(new Set(minutes)).toEqual(new Set(Array.from({ length: 60 }, (_, minute) => minute)));
  });

  it("never at or before the place up to which jobs were compared, whatever the clock says", () => {
    const [now, mark] = [1_000 * HOUR, 2_000 * HOUR];
    for (const tries of [0, 3]) expect(reconcileAt(now, tries, JOB, mark)).toBe(mark + HOUR);
    const usual = reconcileAt(now, 0, JOB, 0);
    expect(reconcileAt(now, 0, JOB, usual - HOUR)).toBe(usual);
    expect(reconcileAt(now, 0, JOB, usual)).toBe(usual + HOUR);
  });
});

describe("when a job was compared", () => {
  const mark = { at: 50, jobId: "m" };
  const row = (id: string, reconcileAt: number | null, reconciledAt: number | null = null) =>
    comparedAt({ id, reconcileAt, reconciledAt }, mark);

  it("at its time, if that is not beyond the mark; jobs of one time go by id", () => {
    expect([row("z", 49), row("a", 50), row("m", 50)]).toEqual([49, 50, 50]);
    expect([row("n", 50), row("a", 51)]).toEqual([null, null]);
  });

  it("as its row says, if it differed or was written by an older version; never, if it was given up", () => {
    expect(row("a", null, 7)).toBe(7);
    expect(row("a", null)).toBeNull();
  });
});
