/** The account's tables, as numbered steps. */
export const ACCOUNT_STEPS: readonly string[] = [
  `CREATE TABLE claims (upstream_id TEXT PRIMARY KEY, job_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX claims_by_job ON claims (job_id);
   CREATE TABLE unknowns (job_id TEXT PRIMARY KEY, input_hash TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  // One row that says how much is taken; the permits that are out; POSTs by second; who waits, and whose turn it is.
  `CREATE TABLE desk (
     id INTEGER PRIMARY KEY CHECK (id = 1), account TEXT NOT NULL, next_permit INTEGER NOT NULL DEFAULT 1,
     in_use INTEGER NOT NULL DEFAULT 0, unsent INTEGER NOT NULL DEFAULT 0,
     blocked_until INTEGER NOT NULL DEFAULT 0, pushbacks INTEGER NOT NULL DEFAULT 0,
     turn INTEGER NOT NULL DEFAULT 0, granted_at INTEGER, gap_ms REAL,
     circuit TEXT, circuit_told INTEGER NOT NULL DEFAULT 1
   ) STRICT;
   CREATE TABLE permits (
     id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, shard INTEGER NOT NULL, job_id TEXT, sent INTEGER NOT NULL DEFAULT 0,
     lease_until INTEGER NOT NULL, unknown_since INTEGER
   ) STRICT;
   CREATE INDEX permits_by_lease ON permits (lease_until);
   CREATE UNIQUE INDEX permits_by_job ON permits (job_id) WHERE job_id IS NOT NULL;
   CREATE TABLE sent (second INTEGER PRIMARY KEY, posts INTEGER NOT NULL) STRICT;
   CREATE TABLE waiting (
     job_id TEXT PRIMARY KEY, tenant TEXT NOT NULL, shard INTEGER NOT NULL, priority INTEGER NOT NULL,
     queued_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX waiting_in_order ON waiting (tenant, priority DESC, queued_at, job_id);
   CREATE TABLE turns (
     tenant TEXT PRIMARY KEY, pass INTEGER NOT NULL, weight INTEGER NOT NULL, waiting INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX turns_in_order ON turns (pass, tenant) WHERE waiting > 0;`,
  // Until when a permit is offered to a tracker that may not have heard of it.
  `ALTER TABLE permits ADD COLUMN offered_until INTEGER NOT NULL DEFAULT 0;`,
  // When people decided a lost job; those whose end nobody knows have none.
  `ALTER TABLE unknowns ADD COLUMN decided_at INTEGER;`,
  // Only the tasks of lost jobs are asked for by job, so no other claim is in an index: it would be a row of each job. Which of the
  // claims from before this are of lost jobs is not known; one whose tracker died before it wrote it is asked for within a day.
  `ALTER TABLE claims ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
   UPDATE claims SET lost = 1 WHERE at > unixepoch() * 1000 - 86400000 AND upstream_id NOT GLOB 'none:*';
   DROP INDEX claims_by_job;
   CREATE UNIQUE INDEX claims_of_lost_jobs ON claims (job_id) WHERE lost = 1;`,
];
