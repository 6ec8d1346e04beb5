import type { Job } from "../../../src/jobs/job.ts";
import type { Pace } from "../../../src/jobs/pace.ts";
import type { PredictionResult } from "../../../src/upstream/answers.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** When every job of these tests was admitted. */
export const T0 = 1_800_000_000_000;

export const PACE: Pace = {
  submitMsMax: 60_000,
  pollMsMin: 2_000,
  pollMsMax: 30_000,
  unknownWalkGapMs: 120_000,
  usualMs: null,
  hooks: false,
  unknownFirstMs: 60_000,
};

export const RESULT: PredictionResult = {
  outputs: ["https://cdn.test/a.mp4"],
  hasNsfwContents: [false],
  error: "",
  code: 0,
  executionTime: 1_200,
  timings: { inference: 1_100 },
};

export const jobIn = (change: Partial<Job>): Job => ({
  id: "a".repeat(32),
  tenant: "a".repeat(12),
  mode: "live",
  model: "kwaivgi/kling-v2.0-t2v-master",
  priceMicros: 1_300_000,
  costMicros: 1_300_000,
  state: "queued",
  terms: null,
  upstreamId: null,
  upstreamStatus: null,
  account: "live",
  accounts: ["live"],
  priority: 1,
  weight: 1,
  inputHash: "f".repeat(64),
  inputUntil: null,
  inputDropped: false,
  inputBytes: 0,
  createdAt: T0,
  queuedAt: T0,
  sentAt: null,
  unknownAt: null,
  runningAt: null,
  endedAt: null,
  nextAt: T0,
  attempts: 0,
  walks: 0,
  walkedAt: null,
  oddSince: null,
  settlement: null,
  settled: null,
  settledAt: null,
  reconcileAt: null,
  reconcileTries: 0,
  reconciledAt: null,
  billedMicros: null,
  loss: null,
  lossBooked: false,
  result: null,
  refusal: null,
  hookSeen: null,
  claimed: false,
  needsOperator: false,
  cancelAsked: false,
  deletedAt: null,
  notify: null,
  notifyAt: null,
  candidate: null,
  outcome: null,
  base64Output: false,
  ...change,
});
