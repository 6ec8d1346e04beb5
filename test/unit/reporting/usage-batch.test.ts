import { expect, test } from "vitest";
import type { UsageBatch } from "../../../src/ledger/journal-entry.ts";
import { parseUsageBatch } from "../../../src/reporting/usage-batch.ts";

const TENANT = "0123456789ab";

const job = {
  jobId: `${TENANT}${"0".repeat(20)}`,
  mode: "live" as const,
  keyId: "key_a",
  team: null,
  model: "kwaivgi/kling-v2.1-i2v-pro",
  tags: { film: "otter" },
  seconds: 5,
  costMicros: 450_000,
  priceMicros: 450_000,
  rateVersion: 1,
  basis: { markupBps: 0 },
  pricingVersion: 1,
  onCredit: false,
  admittedAt: 1_790_000_000_000,
};

const entry = { seq: 1, at: 1_790_000_000_000, localDay: "2026-09-21", hash: "h" };

const CREDIT = {
  kind: "credit" as const,
  cause: "adjustment" as const,
  amountMicros: -1,
  balanceMicros: -1,
  reason: "a refund given twice",
  actor: "operator:k",
};

const THRESHOLD = {
  kind: "threshold" as const,
  budget: "whole",
  windowId: "total",
  percent: 50,
  usedMicros: 500_000,
  limitMicros: 1_000_000,
};

const batch: UsageBatch = {
  tenant: TENANT,
  entries: [
    { ...entry, body: { kind: "hold", job } },
    { ...entry, seq: 2, body: { kind: "unknown", jobId: job.jobId, entered: true } },
    { ...entry, seq: 3, body: { kind: "needs_operator", jobId: job.jobId, reason: "no answer" } },
    { ...entry, seq: 4, body: { kind: "capture", job: { ...job, team: "red" }, outcome: "completed", endedAt: 1 } },
    { ...entry, seq: 6, body: CREDIT },
    { ...entry, seq: 7, body: { kind: "credit_limit", limitMicros: 0, actor: "operator:k" } },
    { ...entry, seq: 8, body: THRESHOLD },
    { ...entry, seq: 5, body: { kind: "release", job, outcome: "never_sent", reason: "", endedAt: 1 } },
  ],
};

test("every kind of entry is read as it was written", () => {
  expect(parseUsageBatch(structuredClone(batch))).toEqual(batch);
});

test.each([
  ["money that is not an integer", { costMicros: 0.5 }],
  ["money below zero", { priceMicros: -1 }],
  ["money beyond exact integers", { priceMicros: 2 ** 53 }],
  ["a mode that is none", { mode: "free" }],
  ["an empty team, which would read as none", { team: "" }],
  ["an admission at 0, which would never be listed", { admittedAt: 0 }],
  ["a job id of another form", { jobId: "job-1" }],
])("refuses %s", (_, wrong) => {
  const entries = [{ ...entry, body: { kind: "hold", job: { ...job, ...wrong } } }];
  expect(parseUsageBatch({ tenant: TENANT, entries })).toBeNull();
});

test("refuses a day that no calendar has", () => {
  expect(parseUsageBatch({ ...batch, entries: [{ ...batch.entries[0], localDay: "2026-02-30" }] })).toBeNull();
});
