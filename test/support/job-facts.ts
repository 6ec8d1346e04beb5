import type { JobFacts } from "../../src/ledger/journal-entry.ts";

/** A job of $1.30 as an admission froze it, but for what is given. */
export const jobFacts = (given: Partial<JobFacts> & Pick<JobFacts, "admittedAt">): JobFacts => ({
  jobId: "j",
  mode: "live",
  keyId: "k",
  team: null,
  model: "m",
  tags: {},
  seconds: 5,
  costMicros: 1_300_000,
  priceMicros: 1_300_000,
  rateVersion: 1,
  basis: { markupBps: 0 },
  pricingVersion: 1,
  onCredit: false,
  ...given,
});
