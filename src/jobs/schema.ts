/** The tracker's tables, as numbered steps. A payload is cut, since a row holds at most 2 MB. */
export const TRACKER_STEPS: readonly string[] = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY, tenant TEXT NOT NULL, mode TEXT NOT NULL, model TEXT NOT NULL,
     price_micros INTEGER NOT NULL, state TEXT NOT NULL, upstream_id TEXT, upstream_status TEXT,
     input_hash TEXT NOT NULL, created_at INTEGER NOT NULL, sent_at INTEGER, ended_at INTEGER,
     next_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0, walks INTEGER NOT NULL DEFAULT 0,
     walked_at INTEGER, odd_since INTEGER, settlement TEXT, result TEXT, refusal TEXT,
     acknowledged INTEGER NOT NULL DEFAULT 0, claimed INTEGER NOT NULL DEFAULT 0,
     needs_operator INTEGER NOT NULL DEFAULT 0, candidate TEXT, outcome TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX jobs_due ON jobs (next_at) WHERE next_at IS NOT NULL;
   CREATE TABLE payloads (
     job_id TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (job_id, part)
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE jobs ADD COLUMN cancel_asked INTEGER NOT NULL DEFAULT 0;`,
  `ALTER TABLE jobs ADD COLUMN cost_micros INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE jobs ADD COLUMN loss TEXT;`,
  // What a job's timeline is told from.
  `ALTER TABLE jobs ADD COLUMN terms TEXT;
   ALTER TABLE jobs ADD COLUMN queued_at INTEGER;
   ALTER TABLE jobs ADD COLUMN unknown_at INTEGER;
   ALTER TABLE jobs ADD COLUMN running_at INTEGER;
   ALTER TABLE jobs ADD COLUMN settled_at INTEGER;
   ALTER TABLE jobs ADD COLUMN settled TEXT;`,
  `ALTER TABLE jobs ADD COLUMN deleted_at INTEGER;`,
  // Who sends the job and in which order; before this there was one account, called live.
  `ALTER TABLE jobs ADD COLUMN account TEXT NOT NULL DEFAULT 'live';
   ALTER TABLE jobs ADD COLUMN accounts TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE jobs ADD COLUMN weight INTEGER NOT NULL DEFAULT 1;
   CREATE TABLE permits (
     account TEXT NOT NULL, id INTEGER NOT NULL, job_id TEXT, lease_until INTEGER NOT NULL,
     used INTEGER NOT NULL DEFAULT 0, back INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX permits_by_job ON permits (job_id);
   CREATE INDEX permits_to_return ON permits (back) WHERE back = 1;`,
  // How long a task usually runs.
  `CREATE TABLE usual_times (model TEXT PRIMARY KEY, ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  // Until when the input is kept for its tenant.
  `ALTER TABLE jobs ADD COLUMN input_until INTEGER;
   CREATE INDEX jobs_with_input ON jobs (input_until) WHERE input_until IS NOT NULL;`,
  // When a settled job is compared with WaveSpeed's bill, and what that said.
  `ALTER TABLE jobs ADD COLUMN reconcile_at INTEGER;
   ALTER TABLE jobs ADD COLUMN reconcile_tries INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE jobs ADD COLUMN reconciled_at INTEGER;
   ALTER TABLE jobs ADD COLUMN billed_micros INTEGER;
   CREATE INDEX jobs_to_reconcile ON jobs (reconcile_at) WHERE reconcile_at IS NOT NULL;`,
  // The last webhook that was believed, so that it is believed once.
  `ALTER TABLE jobs ADD COLUMN hook_seen TEXT;`,
  // Outputs are given as base64 when they are read; what is kept is their addresses.
  `ALTER TABLE jobs ADD COLUMN base64_output INTEGER NOT NULL DEFAULT 0;`,
  // Whom to tell how a job ended, and when that is done next.
  `ALTER TABLE jobs ADD COLUMN notify TEXT;
   ALTER TABLE jobs ADD COLUMN notify_at INTEGER;
   CREATE INDEX jobs_to_tell ON jobs (notify_at) WHERE notify_at IS NOT NULL;`,
  // How large the body is, so that what is kept can be counted from the index alone, and whether it gave way to newer ones.
  `ALTER TABLE jobs ADD COLUMN input_dropped INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE jobs ADD COLUMN input_bytes INTEGER NOT NULL DEFAULT 0;
   DROP INDEX jobs_with_input;
   CREATE INDEX jobs_with_input ON jobs (input_until, input_bytes) WHERE input_until IS NOT NULL;
   UPDATE jobs SET input_bytes = (SELECT SUM(length(bytes)) FROM payloads WHERE job_id = jobs.id)
     WHERE id IN (SELECT job_id FROM payloads);`,
  // What a late task cost has been written down as a loss.
  `ALTER TABLE jobs ADD COLUMN loss_booked INTEGER NOT NULL DEFAULT 0;`,
  // Fewer rows a job. Unfinished jobs are found by a column that changes twice in a job's life, not by one that changes with
  // each look at it; a short body is in the job's own row. "acknowledged" is not used any more.
  `ALTER TABLE jobs ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE jobs ADD COLUMN body BLOB;
   UPDATE jobs SET open = 1 WHERE next_at IS NOT NULL;
   DROP INDEX jobs_due;
   CREATE INDEX jobs_open ON jobs (open) WHERE open = 1;`,
  // One row: up to which place (reconcile_at, id) jobs were compared with the bill. Before this each was written as it was.
  `CREATE TABLE compared (
     only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL, job_id TEXT NOT NULL
   ) STRICT;
   INSERT INTO compared VALUES (1, 0, '');`,
];

/** What all steps together make: a tracker is made for every few dozen jobs. A test compares the two. */
export const TRACKER_SCHEMA = `
  CREATE TABLE jobs (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, mode TEXT NOT NULL, model TEXT NOT NULL,
    price_micros INTEGER NOT NULL, state TEXT NOT NULL, upstream_id TEXT, upstream_status TEXT,
    input_hash TEXT NOT NULL, created_at INTEGER NOT NULL, sent_at INTEGER, ended_at INTEGER,
    next_at INTEGER, attempts INTEGER NOT NULL DEFAULT 0, walks INTEGER NOT NULL DEFAULT 0,
    walked_at INTEGER, odd_since INTEGER, settlement TEXT, result TEXT, refusal TEXT,
    acknowledged INTEGER NOT NULL DEFAULT 0, claimed INTEGER NOT NULL DEFAULT 0,
    needs_operator INTEGER NOT NULL DEFAULT 0, candidate TEXT, outcome TEXT,
    cancel_asked INTEGER NOT NULL DEFAULT 0, cost_micros INTEGER NOT NULL DEFAULT 0, loss TEXT,
    terms TEXT, queued_at INTEGER, unknown_at INTEGER, running_at INTEGER, settled_at INTEGER, settled TEXT,
    deleted_at INTEGER, account TEXT NOT NULL DEFAULT 'live', accounts TEXT NOT NULL DEFAULT '[]',
    priority INTEGER NOT NULL DEFAULT 1, weight INTEGER NOT NULL DEFAULT 1, input_until INTEGER,
    reconcile_at INTEGER, reconcile_tries INTEGER NOT NULL DEFAULT 0, reconciled_at INTEGER, billed_micros INTEGER,
    hook_seen TEXT, base64_output INTEGER NOT NULL DEFAULT 0, notify TEXT, notify_at INTEGER,
    input_dropped INTEGER NOT NULL DEFAULT 0, input_bytes INTEGER NOT NULL DEFAULT 0,
    loss_booked INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0, body BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX jobs_open ON jobs (open) WHERE open = 1;
  CREATE INDEX jobs_with_input ON jobs (input_until, input_bytes) WHERE input_until IS NOT NULL;
  CREATE INDEX jobs_to_reconcile ON jobs (reconcile_at) WHERE reconcile_at IS NOT NULL;
  CREATE INDEX jobs_to_tell ON jobs (notify_at) WHERE notify_at IS NOT NULL;
  CREATE TABLE payloads (
    job_id TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (job_id, part)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE permits (
    account TEXT NOT NULL, id INTEGER NOT NULL, job_id TEXT, lease_until INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0, back INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX permits_by_job ON permits (job_id);
  CREATE INDEX permits_to_return ON permits (back) WHERE back = 1;
  CREATE TABLE usual_times (model TEXT PRIMARY KEY, ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE compared (
    only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL, job_id TEXT NOT NULL
  ) STRICT;
  INSERT INTO compared VALUES (1, 0, '');`;
