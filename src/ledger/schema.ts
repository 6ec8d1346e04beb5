/**
 * The ledger's tables, as numbered steps. STRICT, so that money can only be an integer;
 * WITHOUT ROWID where the key is text, because an insert then writes one row and not two.
 */
export const LEDGER_STEPS: readonly string[] = [
  `CREATE TABLE tenant (
     id INTEGER PRIMARY KEY CHECK (id = 1), tenant TEXT NOT NULL, name TEXT NOT NULL,
     time_zone TEXT NOT NULL, created_at INTEGER NOT NULL,
     reported_seq INTEGER NOT NULL DEFAULT 0, rate_versions TEXT NOT NULL DEFAULT '{}'
   ) STRICT;
   CREATE TABLE keys (
     id TEXT PRIMARY KEY, hash TEXT NOT NULL, prefix TEXT NOT NULL, name TEXT NOT NULL,
     mode TEXT NOT NULL, team TEXT, models TEXT, created_at INTEGER NOT NULL,
     expires_at INTEGER, revoked_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE budgets (
     id TEXT PRIMARY KEY, mode TEXT NOT NULL, scope_key TEXT NOT NULL, scope TEXT NOT NULL,
     window TEXT NOT NULL, limit_micros INTEGER NOT NULL, time_zone TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX budgets_by_scope ON budgets (mode, scope_key);
   CREATE TABLE counters (
     budget_id TEXT NOT NULL, window_id TEXT NOT NULL,
     captured_micros INTEGER NOT NULL CHECK (captured_micros >= 0),
     held_micros INTEGER NOT NULL CHECK (held_micros >= 0),
     held_jobs INTEGER NOT NULL CHECK (held_jobs >= 0),
     PRIMARY KEY (budget_id, window_id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE holds (
     job_id TEXT PRIMARY KEY, hold_seq INTEGER NOT NULL, shard INTEGER NOT NULL,
     price_micros INTEGER NOT NULL CHECK (price_micros > 0), facts TEXT NOT NULL,
     idempotency TEXT, acknowledged INTEGER NOT NULL DEFAULT 0,
     unknown INTEGER NOT NULL DEFAULT 0, needs_operator INTEGER NOT NULL DEFAULT 0,
     admitted_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE spend (
     mode TEXT NOT NULL, bucket INTEGER NOT NULL, team TEXT NOT NULL, key_id TEXT NOT NULL,
     model TEXT NOT NULL, tags TEXT NOT NULL, captured_micros INTEGER NOT NULL,
     PRIMARY KEY (mode, bucket, team, key_id, model, tags)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE journal (
     seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, local_day TEXT NOT NULL,
     body TEXT NOT NULL, hash TEXT NOT NULL
   ) STRICT;
   CREATE TABLE idempotency (
     scope TEXT PRIMARY KEY, body_hash TEXT NOT NULL, job_id TEXT NOT NULL,
     hold_seq INTEGER NOT NULL, created_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];
