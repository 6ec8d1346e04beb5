import { countUp } from "../../src/ledger/count-up.ts";
import { appendEntry } from "../../src/ledger/journal-store.ts";
import type { JobFacts } from "../../src/ledger/journal-entry.ts";
import { makeJobId } from "../../src/keys/job-id.ts";
import type { TenantInfo } from "../../src/ledger/types.ts";
import { jobFacts } from "../../test/support/job-facts.ts";
import type { SeedOrder } from "./protocol.ts";

export const KEYS = 4;
export const MODELS = [
  "kwaivgi/kling-v2.0-t2v-master",
  "bytedance/seedance-v1-pro-t2v-720p",
  "minimax/hailuo-02/t2v-standard",
];

/** One job in this many is released, the others captured. */
export const RELEASED_EVERY = 20;

/** Settled jobs as `reserve` and `settle` would have left them: two journal entries, and what was spent. */
export function seedHistory(sql: SqlStorage, tenant: TenantInfo, order: SeedOrder): void {
  const spacing = (order.until - order.from) / order.total;
  for (let n = order.first; n < order.first + order.count; n++) {
    const job = jobOf(tenant, n, Math.floor(order.from + n * spacing));
    appendEntry(sql, { kind: "hold", job }, job.admittedAt, tenant.timeZone);
    const endedAt = job.admittedAt + Math.floor(spacing / 2);
    if (n % RELEASED_EVERY === 0) {
      const reason = "the model failed";
      appendEntry(sql, { kind: "release", job, outcome: "failed", reason, endedAt }, endedAt, tenant.timeZone);
    } else {
      appendEntry(sql, { kind: "capture", job, outcome: "completed", endedAt }, endedAt, tenant.timeZone);
    }
  }
  countUp(sql);
}

const jobOf = (tenant: TenantInfo, n: number, admittedAt: number): JobFacts =>
  jobFacts({
    jobId: makeJobId({ tenant: tenant.tenant, shard: 0 }, n.toString(16).padStart(16, "0")),
    keyId: `history${n % KEYS}`,
    model: MODELS[n % MODELS.length] ?? "",
    admittedAt,
  });
