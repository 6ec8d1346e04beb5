import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * D1 REPORT: a copy of the ledgers' journals, cut for reading. All of it can be dropped and replayed.
 * Times are epoch milliseconds, money is integer micro-dollars, a job or row without a team has team ''.
 *
 * `migrations/report` is generated from this file (`drizzle-kit generate --config
 * drizzle.report.config.ts --name verb_noun`), then finished by hand: WITHOUT ROWID, STRICT on each
 * new table, which drizzle-kit cannot write.
 */

/** What D1 says of a job. Queued and running are the tracker's to tell: here both are "admitted". */
export const JOB_STATUSES = [
  "admitted",
  "unknown",
  "needs_operator",
  "completed",
  "failed",
  "cancelled",
  "expired",
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

const MODES = ["live", "test"] as const;

/** One row per journal entry that has had its effect: the row is what makes the effect happen once. */
export const usageEvents = sqliteTable(
  "usage_events",
  {
    tenant: text("tenant").notNull(),
    seq: integer("seq").notNull(),
    at: integer("at").notNull(),
    kind: text("kind").notNull(),
    jobId: text("job_id").notNull(),
    /** YYYY-MM-DD, as the ledger named it; '': of an entry from before this was kept. */
    localDay: text("local_day").notNull().default(""),
    /** What it did to the tenant's credit: a capture on credit takes its price. null: from before this was kept. */
    creditMicros: integer("credit_micros"),
    /** The journal's chained hash, to compare a copy with its ledger. */
    hash: text("hash").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.seq] })],
);

/**
 * One row per job, as its entries have it so far. `admitted_at` 0: something of the job arrived before
 * any entry with its facts; such a row is not listed and gets its facts when they come.
 */
export const jobs = sqliteTable(
  "jobs",
  {
    tenant: text("tenant").notNull(),
    id: text("id").notNull(),
    mode: text("mode", { enum: MODES }).notNull(),
    model: text("model").notNull(),
    keyId: text("key_id").notNull(),
    team: text("team").notNull(),
    seconds: integer("seconds").notNull(),
    costMicros: integer("cost_micros").notNull(),
    /** null until captured. */
    priceMicros: integer("price_micros"),
    /** What was held for it; null: its facts are missing, or came before there was this column. */
    heldMicros: integer("held_micros"),
    /** When its hold was given back. */
    refundedAt: integer("refunded_at"),
    /** When its tenant deleted it, as far as D1 was told; its tracker knows for sure. */
    deletedAt: integer("deleted_at"),
    rateVersion: integer("rate_version").notNull(),
    /** JSON object of strings. */
    tags: text("tags", { mode: "json" }).$type<Record<string, string>>().notNull(),
    admittedAt: integer("admitted_at").notNull(),
    status: text("status", { enum: JOB_STATUSES }).notNull(),
    /** The entry that set the status; an older one that arrives later changes nothing. */
    statusSeq: integer("status_seq").notNull(),
    endedAt: integer("ended_at"),
    outcome: text("outcome"),
    reason: text("reason"),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.id] }),
    // Read backwards for newest first; the list pages on (admitted_at, id).
    index("jobs_tenant_admitted").on(table.tenant, table.admittedAt, table.id),
    // The refunds on a tenant's bill; the charges are found by the index above.
    index("jobs_refunded")
      .on(table.tenant, table.refundedAt, table.id)
      .where(sql`${table.refundedAt} is not null`),
    // The few that people must look at, of all tenants.
    index("jobs_unclear")
      .on(table.status, table.admittedAt, table.id)
      .where(sql`${table.status} in ('unknown', 'needs_operator')`),
  ],
);

/** What ended without being captured, and how long completed jobs took from admission to end (`result-times.ts`). */
const endColumns = () => ({
  failed: integer("failed").notNull().default(0),
  cancelled: integer("cancelled").notNull().default(0),
  /** Sum over the completed jobs, ms. */
  resultMs: integer("result_ms").notNull().default(0),
  results15s: integer("results_15s").notNull().default(0),
  results30s: integer("results_30s").notNull().default(0),
  results1m: integer("results_1m").notNull().default(0),
  results2m: integer("results_2m").notNull().default(0),
  results3m: integer("results_3m").notNull().default(0),
  results5m: integer("results_5m").notNull().default(0),
  results10m: integer("results_10m").notNull().default(0),
  results20m: integer("results_20m").notNull().default(0),
  results1h: integer("results_1h").notNull().default(0),
  resultsMore: integer("results_more").notNull().default(0),
});

/** Jobs by the tenant's local day of their end, as the ledger named it; `jobs` are the captured ones. */
export const usageDays = sqliteTable(
  "usage_days",
  {
    tenant: text("tenant").notNull(),
    mode: text("mode", { enum: MODES }).notNull(),
    /** YYYY-MM-DD. */
    localDay: text("local_day").notNull(),
    team: text("team").notNull(),
    keyId: text("key_id").notNull(),
    model: text("model").notNull(),
    jobs: integer("jobs").notNull(),
    seconds: integer("seconds").notNull(),
    costMicros: integer("cost_micros").notNull(),
    priceMicros: integer("price_micros").notNull(),
    ...endColumns(),
    /**
     * The captured ones by the UTC hour of their capture (`day-hours.ts`): a row of its own for each hour would be one more written
     * for each job. An hour may be in the rows of two days.
     */
    hours: text("hours").notNull().default("{}"),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.mode, table.localDay, table.team, table.keyId, table.model] }),
  ],
);

/**
 * The sum of all tenants' `usage_days`, each by its own local day: what operators see of the whole gateway equals what
 * its tenants see, day by day.
 */
export const gatewayDays = sqliteTable(
  "gateway_days",
  {
    mode: text("mode", { enum: MODES }).notNull(),
    localDay: text("local_day").notNull(),
    model: text("model").notNull(),
    jobs: integer("jobs").notNull(),
    seconds: integer("seconds").notNull(),
    costMicros: integer("cost_micros").notNull(),
    priceMicros: integer("price_micros").notNull(),
    ...endColumns(),
  },
  (table) => [primaryKey({ columns: [table.mode, table.localDay, table.model] })],
);

/** Money that people gave a tenant's credit or took from it, by the tenant's local day. */
export const creditMovements = sqliteTable(
  "credit_movements",
  {
    tenant: text("tenant").notNull(),
    localDay: text("local_day").notNull(),
    seq: integer("seq").notNull(),
    at: integer("at").notNull(),
    cause: text("cause", { enum: ["top_up", "adjustment"] }).notNull(),
    amountMicros: integer("amount_micros").notNull(),
    /** What the credit stood at right after it. */
    balanceMicros: integer("balance_micros").notNull(),
    reason: text("reason").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.localDay, table.seq] })],
);

/**
 * What had moved a tenant's credit up to the end of a month of its calendar, since ever: written once a month, as the watermark
 * crosses its end, from when anything was on it. A month without an entry has no row: the one before it still holds.
 */
export const creditMonths = sqliteTable(
  "credit_months",
  {
    tenant: text("tenant").notNull(),
    /** YYYY-MM. */
    month: text("month").notNull(),
    /** Top-ups and adjustments. */
    movedMicros: integer("moved_micros").notNull(),
    capturedMicros: integer("captured_micros").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.month] })],
);

/** Everything of the tenant up to `seq` is here, without a gap; `at` and `month` are that entry's. */
export const watermarks = sqliteTable("watermarks", {
  tenant: text("tenant").primaryKey(),
  seq: integer("seq").notNull(),
  at: integer("at").notNull(),
  month: text("month").notNull().default(""),
  /** As in `credit_months`, up to here. null: there are entries from before this was kept. */
  movedMicros: integer("moved_micros"),
  capturedMicros: integer("captured_micros"),
});
