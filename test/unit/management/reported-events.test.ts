import { expect, test } from "vitest";
import { reportedEvents } from "../../../src/management/job-detail-shape.ts";
import type { JobNow } from "../../../src/reporting/late-jobs.ts";

const JOB: JobNow = {
  id: "j",
  mode: "live",
  model: "m",
  keyId: "k",
  team: null,
  seconds: 5,
  costMicros: 100,
  priceMicros: null,
  heldMicros: 110,
  refundedAt: null,
  deletedAt: null,
  rateVersion: 1,
  tags: {},
  admittedAt: 1,
  status: "admitted",
  endedAt: null,
  outcome: null,
  reason: null,
};

const told = (job: Partial<JobNow>) =>
  reportedEvents({ ...JOB, ...job }).map(({ event, at, amountMicros }) => [event, at, amountMicros]);

test("a job that its tracker forgot is told from the report", () => {
  expect(told({})).toEqual([["held", 1, 110]]);
  expect(told({ status: "completed", endedAt: 9, priceMicros: 110 }).slice(1)).toEqual([
    ["completed", 9, null],
    ["captured", 9, 110],
  ]);
  expect(told({ status: "failed", endedAt: 9, refundedAt: 9 }).slice(1)).toEqual([
    ["failed", 9, null],
    ["released", 9, 110],
  ]);
});

test("what was given up was written off, and a late end comes after its hold was given back", () => {
  expect(told({ status: "expired", endedAt: 9, refundedAt: 9 }).slice(2)).toEqual([
    ["released", 9, 110],
    ["written_off", 9, 100],
  ]);
  expect(told({ status: "completed", outcome: "expired", endedAt: 20, refundedAt: 9 }).slice(1)).toEqual([
    ["released", 9, 110],
    ["completed", 20, null],
  ]);
});
