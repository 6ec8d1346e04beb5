import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** D1 CONTROL: who did what to what. One chain of entries for each tenant, and one for the gateway itself (''). Times: epoch ms. */

export const auditEntries = sqliteTable(
  "audit_entries",
  {
    /** Tenant id; '': what is of no tenant. */
    chain: text("chain").notNull(),
    /** From 1, without a gap. */
    seq: integer("seq").notNull(),
    /** When it was appended; never before the entry that it follows. */
    at: integer("at").notNull(),
    begunAt: integer("begun_at").notNull(),
    /** Of the change: 16 hex digits. */
    id: text("id").notNull(),
    /** `person:{id}`, `operator:{key id}` or `key:{key id}`. */
    actor: text("actor").notNull(),
    /** As people knew the actor then. */
    actorName: text("actor_name").notNull(),
    /** What the API calls the operation: "PATCH /tenants/{tenant}". */
    action: text("action").notNull(),
    /** The path that was called. */
    target: text("target").notNull(),
    ip: text("ip").notNull(),
    userAgent: text("user_agent").notNull(),
    /** The actor as the tenant's own people see it: `operator`, or the same. */
    seenAs: text("seen_as").notNull().default(""),
    /** 32 random hex digits, hashed with who it was and from where; null: an entry from before, whose hash has these in the open. */
    whoSalt: text("who_salt"),
    /** JSON, without secrets; null: there was nothing, or no call shows it. */
    before: text("before"),
    after: text("after"),
    /** `unknown`: begun, and nobody knows what came of it. */
    outcome: text("outcome", { enum: ["done", "unknown"] }).notNull(),
    /** SHA-256 (hex) of the hash before it and of all above (`entryHash`). */
    hash: text("hash").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chain, table.seq] }),
    index("audit_entries_by_time").on(table.chain, table.at),
    index("audit_entries_by_actor").on(table.chain, table.actor, table.at),
    index("audit_entries_by_seen_as").on(table.chain, table.seenAs, table.at),
    index("audit_entries_by_action").on(table.chain, table.action, table.at),
  ],
);

/** Where each chain stands, signed with the gateway's secret. */
export const auditChains = sqliteTable(
  "audit_chains",
  {
    chain: text("chain").primaryKey(),
    /** The last entry's number, hash and time; 0 and zeros before the first. */
    seq: integer("seq").notNull(),
    hash: text("hash").notNull(),
    at: integer("at").notNull(),
    /** Entries up to this one were deleted by age; what is left begins after `cutHash`. */
    cutSeq: integer("cut_seq").notNull(),
    cutHash: text("cut_hash").notNull(),
    /** Days for which entries are kept; null: for ever. */
    retentionDays: integer("retention_days"),
    /** When the oldest entry is due to be deleted; null: never. */
    pruneAt: integer("prune_at"),
    /** Of the gateway's secret that signed it; 0: it is not signed, since what it follows was not ours. */
    keyVersion: integer("key_version").notNull(),
    /** HMAC of all above but `pruneAt`. Changes with every write: whoever writes compares it. */
    mac: text("mac").notNull(),
  },
  (table) => [
    index("audit_chains_by_prune").on(table.pruneAt),
    index("audit_chains_by_key_version").on(table.keyVersion),
  ],
);

/** Changes that were begun: written before them, gone with their entry. One that stays is told as `unknown`. */
export const auditIntents = sqliteTable(
  "audit_intents",
  {
    id: text("id").primaryKey(),
    at: integer("at").notNull(),
    /** The entry so far, as JSON. */
    change: text("change").notNull(),
  },
  (table) => [index("audit_intents_by_age").on(table.at)],
);
