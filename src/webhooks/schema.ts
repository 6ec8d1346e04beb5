/** The desk's tables, as numbered steps. A body is kept once for all deliveries of its event. */
export const DESK_STEPS: readonly string[] = [
  `CREATE TABLE desk (
     id INTEGER PRIMARY KEY CHECK (id = 1), tenant TEXT NOT NULL,
     version INTEGER NOT NULL DEFAULT 0, told_version INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE TABLE secrets (
     id INTEGER PRIMARY KEY, secret TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER
   ) STRICT;
   CREATE TABLE endpoints (
     id TEXT PRIMARY KEY, url TEXT NOT NULL, events TEXT NOT NULL, mode TEXT, signature TEXT NOT NULL,
     description TEXT NOT NULL, created_at INTEGER NOT NULL, failing_since INTEGER, disabled TEXT, disabled_at INTEGER,
     body_hash TEXT NOT NULL, alert TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE deliveries (
     seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL, target TEXT NOT NULL, event TEXT NOT NULL, job_id TEXT,
     url TEXT NOT NULL, host TEXT NOT NULL, signature TEXT NOT NULL, state TEXT NOT NULL, ended_as TEXT,
     attempts INTEGER NOT NULL, tries INTEGER NOT NULL, round_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
     next_at INTEGER, ended_at INTEGER
   ) STRICT;
   CREATE UNIQUE INDEX deliveries_once ON deliveries (event_id, target);
   CREATE INDEX deliveries_due ON deliveries (host, next_at) WHERE next_at IS NOT NULL;
   CREATE TABLE bodies (event_id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE attempts (
     seq INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER, ms INTEGER NOT NULL,
     error TEXT, reply TEXT NOT NULL, PRIMARY KEY (seq, attempt)
   ) STRICT, WITHOUT ROWID;`,
  // The last number that left the log: an empty log does not begin anew with numbers that people have noted.
  `ALTER TABLE desk ADD COLUMN cleared_seq INTEGER NOT NULL DEFAULT 0;`,
];
