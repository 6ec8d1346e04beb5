import { JobTracker } from "../../src/jobs/job-tracker.ts";
import { TRACKER_STEPS } from "../../src/jobs/schema.ts";
import { migrate } from "../../src/storage/migrate.ts";
import type { SeedOrder } from "../ledger/protocol.ts";
import { MODELS, RELEASED_EVERY } from "../ledger/seed-history.ts";

/** The gateway's tracker, and SQL that gives it jobs that ended long ago. Never exported by src/index.ts. */
export class GrowthTracker extends JobTracker {
  async seed(tenant: string, { first, count, total, from, until }: SeedOrder): Promise<void> {
    migrate(this.ctx.storage, TRACKER_STEPS);
    const result = { outputs: ["https://cdn.invalid/o.mp4"], hasNsfwContents: [false], error: "", code: 0 };
    this.ctx.storage.sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO jobs (id, tenant, mode, model, price_micros, cost_micros, state, upstream_id, input_hash,
           created_at, sent_at, running_at, ended_at, settled, settled_at, reconcile_at, result, acknowledged, claimed,
           outcome)
         SELECT ?3 || '0000' || format('%016x', i), ?3, 'live', ?4 ->> CAST(i % ?5 AS INTEGER), 1300000, 1300000,
           iif(i % ?6 = 0, 'failed', 'completed'), 'task-' || i, 'hash',
           CAST(?7 + i * ?8 AS INTEGER), CAST(?7 + i * ?8 AS INTEGER), CAST(?7 + i * ?8 AS INTEGER),
           CAST(?7 + i * ?8 AS INTEGER), iif(i % ?6 = 0, 'release', 'capture'), CAST(?7 + i * ?8 AS INTEGER),
           CAST(?7 + i * ?8 AS INTEGER), ?9, 1, 1,
           iif(i % ?6 = 0, 'failed', 'completed')
         FROM n`,
      first,
      first + count - 1,
      tenant,
      JSON.stringify(MODELS),
      MODELS.length,
      RELEASED_EVERY,
      from,
      (until - from) / total,
      JSON.stringify({ ...result, executionTime: 60_000, timings: { inference: 60_000 } }),
    );
    // All of them were compared with the bill.
    this.ctx.storage.sql.exec("UPDATE compared SET at = ?", until);
    // The next call meets an instance that found its database.
    this.ctx.waitUntil(scheduler.wait(0).then(() => this.ctx.abort("seeded by the bench")));
  }
}
