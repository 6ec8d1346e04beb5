import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * D1 CONTROL: what the operator decides. Times are epoch milliseconds, money is integer micro-dollars.
 *
 * `migrations/control` is generated from this file (`drizzle-kit generate --config
 * drizzle.control.config.ts --name verb_noun`), then finished by hand: drizzle-kit cannot write
 * STRICT and WITHOUT ROWID, so both are added to each new table's closing line. STRICT because D1
 * would otherwise keep a text in a money column; WITHOUT ROWID because a text key in a rowid table
 * is written (and billed) twice.
 */

/** The registry of tenants. The ledger is made first, this row second. */
export const tenants = sqliteTable("tenants", {
  /** 12 lower-case hex digits; every job id of the tenant begins with them. */
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** IANA zone in which the tenant's days begin. */
  timeZone: text("time_zone").notNull(),
  status: text("status", { enum: ["active", "suspended"] })
    .notNull()
    .default("active"),
  createdAt: integer("created_at").notNull(),
});

/** Web origins that tenants list, as their ledgers have it: a preflight bears no key, so it is asked here. */
export const allowedOrigins = sqliteTable(
  "allowed_origins",
  { origin: text("origin").notNull(), tenant: text("tenant").notNull() },
  (table) => [
    primaryKey({ columns: [table.origin, table.tenant] }),
    index("allowed_origins_by_tenant").on(table.tenant),
  ],
);

/** Operators' keys (`wg_mgmt_...`), as keyed hashes; the key itself is shown once and never stored. */
export const managementKeys = sqliteTable(
  "management_keys",
  {
    id: text("id").primaryKey(),
    hash: text("hash").notNull(),
    name: text("name").notNull(),
    createdAt: integer("created_at").notNull(),
    revokedAt: integer("revoked_at"),
  },
  (table) => [uniqueIndex("management_keys_hash").on(table.hash)],
);

/** Prices by version. A row never changes: a new price is a new version with a later `effective_from`. */
export const rateVersions = sqliteTable(
  "rate_versions",
  {
    model: text("model").notNull(),
    version: integer("version").notNull(),
    unit: text("unit", { enum: ["second", "run"] }).notNull(),
    unitMicros: integer("unit_micros").notNull(),
    effectiveFrom: integer("effective_from").notNull(),
    /** False: read from a page that WaveSpeed has not confirmed by a bill. */
    confirmed: integer("confirmed", { mode: "boolean" }).notNull(),
    /** Where the price was read: an address and a date. */
    source: text("source").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.model, table.version] })],
);

/** Models that an operator turned off or on; a model without a row is as the catalogue has it. */
export const modelSettings = sqliteTable("model_settings", {
  model: text("model").primaryKey(),
  enabled: integer("enabled", { mode: "boolean" }).notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/**
 * What WaveSpeed's list of models said last. Written only where it changed; never deleted, since an answer that
 * leaves models out may be a fault.
 */
export const catalogueModels = sqliteTable("catalogue_models", {
  model: text("model").primaryKey(),
  type: text("type").notNull(),
  description: text("description").notNull(),
  /** USD as the list writes it; '': the list says none. */
  basePrice: text("base_price").notNull(),
  /** JSONata; '': none. */
  formula: text("formula").notNull(),
  /** The vendor's JSON schema of the input, as JSON; '': the list has none that could be read. */
  requestSchema: text("request_schema").notNull(),
  schemaHash: text("schema_hash").notNull(),
  /** SHA-256 (hex) of all of the above. */
  hash: text("hash").notNull(),
  firstSeenAt: integer("first_seen_at").notNull(),
  changedAt: integer("changed_at").notNull(),
  /** Since when the list leaves it out; null: it was in the last one that was believed. */
  missingSince: integer("missing_since"),
});

/** What the last looks at WaveSpeed's list came to: one row. */
export const catalogueSyncs = sqliteTable("catalogue_syncs", {
  id: integer("id").primaryKey(),
  /** Whoever begins takes it; nobody else begins before this time. */
  busyUntil: integer("busy_until").notNull(),
  startedAt: integer("started_at").notNull(),
  /** When a list was last believed; null: never. */
  succeededAt: integer("succeeded_at"),
  models: integer("models").notNull(),
  malformed: integer("malformed").notNull(),
  /** Why the last look changed nothing; '': it did what it should. */
  problem: text("problem").notNull(),
});

/** Models of the list that an operator enabled, as they were then: inputs are checked by this schema. */
export const enabledModels = sqliteTable("enabled_models", {
  model: text("model").primaryKey(),
  type: text("type").notNull(),
  description: text("description").notNull(),
  /** As `readInputSchema` made it, as JSON. */
  inputSchema: text("input_schema").notNull(),
  /** Of the vendor's schema that it was made from. */
  schemaHash: text("schema_hash").notNull(),
  /** Management key that enabled it. */
  actor: text("actor").notNull(),
  enabledAt: integer("enabled_at").notNull(),
});

/** What WaveSpeed itself says that a priced model costs, beside our cost of the same. */
export const priceChecks = sqliteTable(
  "price_checks",
  {
    model: text("model").notNull(),
    /** `list`: the unit price of the list of models; `quote`: what it quotes for a job. */
    source: text("source", { enum: ["list", "quote"] }).notNull(),
    /** Of the job that was quoted; 0 for a run, and for the list. */
    seconds: integer("seconds").notNull(),
    costMicros: integer("cost_micros").notNull(),
    /** null: it could not be read. */
    upstreamMicros: integer("upstream_micros"),
    checkedAt: integer("checked_at").notNull(),
    /** When both were last seen to be the same; null: never. */
    agreedAt: integer("agreed_at"),
  },
  (table) => [primaryKey({ columns: [table.model, table.source, table.seconds] })],
);

/** New submits that an operator stopped for a time; what runs goes on. */
export const pauses = sqliteTable("pauses", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ["gateway", "model", "account"] }).notNull(),
  /** The model's id or the account's name; '' for the gateway. */
  subject: text("subject").notNull(),
  /** Shown to whoever is refused. */
  reason: text("reason").notNull(),
  /** Management key that made it. */
  actor: text("actor").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** Whether each upstream account is used, as its own object last said; none: it always was. */
export const accountStates = sqliteTable("account_states", {
  account: text("account").primaryKey(),
  circuit: text("circuit", { enum: ["closed", "open"] }).notNull(),
  /** For operators only. */
  reason: text("reason").notNull(),
  since: integer("since").notNull(),
});

/**
 * Calls that were made with an Idempotency-Key and changed something here, with their replies. Calls that
 * change a tenant keep theirs in its ledger.
 */
export const requests = sqliteTable(
  "requests",
  {
    /** The caller's key, the operation, its path and the Idempotency-Key, as a JSON list. */
    scope: text("scope").primaryKey(),
    /** SHA-256 (hex) of what was asked. */
    bodyHash: text("body_hash").notNull(),
    reply: text("reply").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("requests_by_age").on(table.createdAt)],
);

/** What an operator must look at. The same kind and subject again raises `count`, not a second row. */
export const alerts = sqliteTable(
  "alerts",
  {
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    /** What it is about: a job id, a model, an account. */
    subject: text("subject").notNull(),
    message: text("message").notNull(),
    firstAt: integer("first_at").notNull(),
    lastAt: integer("last_at").notNull(),
    count: integer("count").notNull().default(1),
  },
  (table) => [
    uniqueIndex("alerts_kind_subject").on(table.kind, table.subject),
    // Read backwards for newest first.
    index("alerts_by_time").on(table.lastAt, table.id),
  ],
);

/** How far each cron sweep has walked the registry; '' is the beginning. */
export const sweeps = sqliteTable("sweeps", {
  name: text("name").primaryKey(),
  cursor: text("cursor").notNull(),
});
