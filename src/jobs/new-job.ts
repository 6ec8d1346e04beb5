import { DEFAULT_ACCOUNT } from "../accounts/account-settings.ts";
import { PRIORITIES } from "../accounts/types.ts";
import type { Job } from "./job.ts";
import type { StartRequest } from "./types.ts";

/** The row of a job that was just handed over. */
export const newJob = (
  { tenant, job, input, inputHash, route, keepInputMs }: StartRequest,
  now: number,
  nextAt: number,
): Job => ({
  ...blank(job.jobId, job.admittedAt),
  queuedAt: now,
  terms: {
    keyId: job.keyId,
    rateVersion: job.rateVersion,
    pricingVersion: job.pricingVersion,
    quote: "quote" in job.basis ? job.basis.quote : null,
  },
  tenant,
  mode: job.mode,
  model: job.model,
  priceMicros: job.priceMicros,
  costMicros: job.costMicros,
  account: route.accounts[0] ?? DEFAULT_ACCOUNT,
  ...route,
  inputHash,
  inputBytes: input.byteLength,
  inputUntil: keepInputMs > 0 ? job.admittedAt + keepInputMs : null,
  nextAt,
});

/** The row of an id that can never start. */
export const tombstone = (id: string, now: number): Job => ({ ...blank(id, now), state: "void", acknowledged: true });

const blank = (id: string, createdAt: number): Job => ({
  id,
  createdAt,
  tenant: "",
  mode: "live",
  model: "",
  priceMicros: 0,
  costMicros: 0,
  state: "queued",
  terms: null,
  upstreamId: null,
  upstreamStatus: null,
  account: DEFAULT_ACCOUNT,
  accounts: [],
  priority: PRIORITIES.normal,
  weight: 1,
  inputHash: "",
  inputUntil: null,
  inputDropped: false,
  inputBytes: 0,
  queuedAt: null,
  sentAt: null,
  unknownAt: null,
  runningAt: null,
  endedAt: null,
  nextAt: null,
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
  result: null,
  refusal: null,
  hookSeen: null,
  acknowledged: false,
  claimed: false,
  needsOperator: false,
  cancelAsked: false,
  deletedAt: null,
  candidate: null,
  outcome: null,
});
