import { describe, expect, test } from "vitest";
import { CounterChanges } from "../../../src/ledger/counter-changes.ts";
import type { EntryBody, JobFacts } from "../../../src/ledger/journal-entry.ts";
import type { Budget } from "../../../src/ledger/types.ts";
import { jobFacts } from "../../support/job-facts.ts";

const PRICE = 1_300_000;
const NOON = Date.parse("2044-01-15T12:00:00Z");

const job = (admittedAt = NOON): JobFacts => jobFacts({ admittedAt });

const hold = (admittedAt?: number): EntryBody => ({ kind: "hold", job: job(admittedAt) });
const capture = (admittedAt?: number): EntryBody => ({
  kind: "capture",
  job: job(admittedAt),
  outcome: "completed",
  endedAt: NOON + 1,
});
const release = (): EntryBody => ({ kind: "release", job: job(), outcome: "failed", reason: "", endedAt: NOON + 1 });

const budget = (id: string, window: Budget["window"]): Budget => ({
  id,
  mode: "live",
  scope: { kind: "tenant" },
  window,
  limitMicros: PRICE,
  timeZone: "UTC",
  thresholds: [],
});

const DAY = budget("day", "day");
const TOTAL = budget("total", "total");

function changesOf(entries: readonly EntryBody[], budgets: readonly Budget[] = [DAY]): CounterChanges {
  const changes = new CounterChanges();
  for (const body of entries) changes.add(body, () => budgets);
  return changes;
}

const NOTHING = { heldMicros: 0, heldJobs: 0, capturedMicros: 0 };

describe("what entries change of a counter", () => {
  test.each([
    ["a hold", [hold()], { opens: true, heldMicros: PRICE, heldJobs: 1, capturedMicros: 0 }],
    ["a hold that was captured", [hold(), capture()], { ...NOTHING, opens: true, capturedMicros: PRICE }],
    ["a hold that was given back", [hold(), release()], { ...NOTHING, opens: true }],
    [
      "the end alone of a hold that is counted",
      [capture()],
      { opens: false, heldMicros: -PRICE, heldJobs: -1, capturedMicros: PRICE },
    ],
    ["two holds and an end", [hold(), hold(), release()], { ...NOTHING, opens: true, heldMicros: PRICE, heldJobs: 1 }],
  ])("%s", (_name, entries, change) => {
    expect(changesOf(entries).of("day", "day:2044-01-15:UTC")).toMatchObject(change);
  });

  test("a job belongs to the window of its admission, whenever it ends, and to every budget of its scopes", () => {
    const dayBefore = NOON - 86_400_000;
    const changes = changesOf([hold(dayBefore), hold(), capture(dayBefore)], [DAY, TOTAL]);
    expect(changes.of("day", "day:2044-01-14:UTC")).toMatchObject({ ...NOTHING, capturedMicros: PRICE });
    expect(changes.of("day", "day:2044-01-15:UTC")).toMatchObject({ ...NOTHING, heldMicros: PRICE, heldJobs: 1 });
    expect(changes.of("total", "total")).toMatchObject({ heldMicros: PRICE, heldJobs: 1, capturedMicros: PRICE });
    expect(changes.all()).toHaveLength(3);
  });

  test("entries that move no counter ask for no budget", () => {
    const changes = new CounterChanges();
    const none = () => {
      throw new Error("not to be asked");
    };
    changes.add({ kind: "unknown", jobId: "j", entered: true }, none);
    changes.add({ kind: "write_off", jobId: "j", costMicros: PRICE, reason: "" }, none);
    changes.add({ kind: "credit_limit", limitMicros: 0, actor: "a" }, none);
    expect(changes.all()).toEqual([]);
  });
});
