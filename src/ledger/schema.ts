const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** SQL of the secret's version in a key's first characters: the first byte after "wg_live_" or "wg_test_". */
const versionIn = (column: string): string =>
  `(instr('${BASE64URL}', substr(${column}, 9, 1)) - 1) * 4 + (instr('${BASE64URL}', substr(${column}, 10, 1)) - 1) / 16`;

/** SQL of a trigger: whatever it sees gives the tenant a revision that it never had. Up to 2^53, so that a number holds it. */
const revises = (trigger: string, event: string): string =>
  `CREATE TRIGGER ${trigger} AFTER ${event} BEGIN
     UPDATE tenant SET revision = random() & ${Number.MAX_SAFE_INTEGER};
   END;`;

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
  // Secrets apart from keys (rotation), limits, credit, prices of the tenant's own, thresholds, stops.
  `ALTER TABLE tenant ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
   ALTER TABLE tenant ADD COLUMN status_reason TEXT NOT NULL DEFAULT '';
   ALTER TABLE tenant ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE tenant ADD COLUMN pricing TEXT NOT NULL DEFAULT '{"version":1,"markupBps":0,"models":{}}';
   CREATE TABLE key_secrets (
     hash TEXT PRIMARY KEY, key_id TEXT NOT NULL, prefix TEXT NOT NULL, secret_version INTEGER NOT NULL,
     created_at INTEGER NOT NULL, expires_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX key_secrets_by_key ON key_secrets (key_id);
   INSERT INTO key_secrets (hash, key_id, prefix, secret_version, created_at, expires_at)
     SELECT hash, id, prefix, ${versionIn("prefix")}, created_at, NULL FROM keys;
   ALTER TABLE keys DROP COLUMN hash;
   ALTER TABLE keys DROP COLUMN prefix;
   ALTER TABLE keys ADD COLUMN scopes TEXT NOT NULL DEFAULT '["submit","read","cancel","upload"]';
   ALTER TABLE keys ADD COLUMN ips TEXT;
   ALTER TABLE keys ADD COLUMN dedupe_window_seconds INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE keys ADD COLUMN disabled_at INTEGER;
   ALTER TABLE keys ADD COLUMN last_used_at INTEGER;
   ALTER TABLE budgets ADD COLUMN thresholds TEXT NOT NULL DEFAULT '[50,80,100]';
   ALTER TABLE counters ADD COLUMN reached TEXT NOT NULL DEFAULT '[]';
   CREATE TABLE credit (
     id INTEGER PRIMARY KEY CHECK (id = 1), balance_micros INTEGER NOT NULL,
     held_micros INTEGER NOT NULL CHECK (held_micros >= 0), held_jobs INTEGER NOT NULL CHECK (held_jobs >= 0),
     limit_micros INTEGER NOT NULL CHECK (limit_micros >= 0)
   ) STRICT;
   CREATE TABLE limits (
     id TEXT PRIMARY KEY, mode TEXT NOT NULL, scope_key TEXT NOT NULL, scope TEXT NOT NULL,
     requests_per_minute INTEGER, burst INTEGER, concurrent_jobs INTEGER, submits_per_day INTEGER,
     arrival TEXT, day TEXT NOT NULL DEFAULT '', submits INTEGER NOT NULL DEFAULT 0,
     running INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX limits_by_scope ON limits (mode, scope_key);
   CREATE TABLE once (
     scope TEXT PRIMARY KEY, body_hash TEXT NOT NULL, reply TEXT NOT NULL, created_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX once_by_age ON once (created_at);`,
  // Audit and archive: README.md, "Audit, checkpoint, archive".
  `ALTER TABLE spend ADD COLUMN checkpoint_micros INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX spend_since_checkpoint ON spend (mode, bucket) WHERE captured_micros <> checkpoint_micros;
   ALTER TABLE idempotency ADD COLUMN facts TEXT NOT NULL DEFAULT '';
   UPDATE idempotency SET facts =
     coalesce((SELECT json_extract(body, '$.job') FROM journal WHERE seq = idempotency.hold_seq), '');
   CREATE INDEX idempotency_by_age ON idempotency (created_at);
   CREATE TABLE checkpoints (
     seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL, entries INTEGER NOT NULL,
     totals TEXT NOT NULL, secret_version INTEGER NOT NULL, signature TEXT NOT NULL
   ) STRICT;
   CREATE TABLE checkpoint_holds (
     job_id TEXT PRIMARY KEY, facts TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE segments (
     from_seq INTEGER PRIMARY KEY, to_seq INTEGER NOT NULL, last_hash TEXT NOT NULL, key TEXT NOT NULL,
     sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX segments_in_work ON segments (from_seq) WHERE state <> 'archived';
   CREATE TABLE audits (
     id TEXT PRIMARY KEY, status TEXT NOT NULL, phase TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
     seq INTEGER NOT NULL DEFAULT 0, hash TEXT NOT NULL, target_seq INTEGER NOT NULL,
     progress TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, message TEXT, report TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE audit_spend (
     key TEXT PRIMARY KEY, captured_micros INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE audit_holds (
     job_id TEXT PRIMARY KEY, facts TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE upkeep (
     task TEXT PRIMARY KEY, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, message TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  // Tags apart from the rest of what was captured (docs/decisions/0003-spend-buckets.md). A checkpoint signs a digest
  // of the rows as they were, so it proves nothing of these. Where every entry is still here, checkpoints go, and the
  // next audit replays from the first entry. Where some are archived, the last one stays as the place to go on from,
  // and audits say that it does not fit, until a full audit has replayed the archive and signs it anew.
  `DELETE FROM checkpoints WHERE (SELECT MIN(seq) FROM journal) = 1;
   DELETE FROM checkpoint_holds WHERE NOT EXISTS (SELECT 1 FROM checkpoints);
   DELETE FROM segments WHERE state <> 'archived' AND NOT EXISTS (SELECT 1 FROM checkpoints);
   UPDATE audits SET status = 'failed', phase = 'ended', ended_at = unixepoch() * 1000,
     message = 'begun before the books were kept in another way' WHERE status = 'running';
   DROP INDEX spend_since_checkpoint;
   ALTER TABLE spend RENAME TO spend_with_tags;
   CREATE TABLE spend (
     mode TEXT NOT NULL, bucket INTEGER NOT NULL, team TEXT NOT NULL, key_id TEXT NOT NULL, model TEXT NOT NULL,
     captured_micros INTEGER NOT NULL, checkpoint_micros INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (mode, bucket, team, key_id, model)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO spend SELECT mode, bucket, team, key_id, model, SUM(captured_micros),
       SUM(checkpoint_micros) * EXISTS (SELECT 1 FROM checkpoints)
     FROM spend_with_tags GROUP BY mode, bucket, team, key_id, model;
   CREATE INDEX spend_since_checkpoint ON spend (mode, bucket) WHERE captured_micros <> checkpoint_micros;
   CREATE TABLE tag_spend (
     mode TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, bucket INTEGER NOT NULL,
     captured_micros INTEGER NOT NULL, checkpoint_micros INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (mode, name, value, bucket)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO tag_spend SELECT s.mode, tag.key, tag.value, s.bucket, SUM(s.captured_micros),
       SUM(s.checkpoint_micros) * EXISTS (SELECT 1 FROM checkpoints)
     FROM spend_with_tags AS s, json_each(s.tags) AS tag GROUP BY s.mode, tag.key, tag.value, s.bucket;
   CREATE INDEX tag_spend_since_checkpoint ON tag_spend (mode, name) WHERE captured_micros <> checkpoint_micros;
   DROP TABLE spend_with_tags;`,
  // Tasks that completed after their hold was given back: one row a job, so that each is journaled once.
  `CREATE TABLE losses (
     job_id TEXT PRIMARY KEY, cost_micros INTEGER NOT NULL, upstream_id TEXT NOT NULL, at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  // How the tenant's jobs are treated beside their money.
  `ALTER TABLE tenant ADD COLUMN queue_weight INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE tenant ADD COLUMN keep_inputs_days INTEGER NOT NULL DEFAULT 0;`,
  // A change of what `definitions.ts` keeps in memory, by whatever statement, gives the tenant another revision.
  `ALTER TABLE tenant ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
   ${revises("tenant_revised", "UPDATE OF tenant, name, time_zone, status, status_reason, pricing, rate_versions, queue_weight, keep_inputs_days ON tenant")}
   ${revises("keys_added", "INSERT ON keys")} ${revises("keys_changed", "UPDATE ON keys")}
   ${revises("keys_removed", "DELETE ON keys")}
   ${revises("key_secrets_added", "INSERT ON key_secrets")} ${revises("key_secrets_changed", "UPDATE ON key_secrets")}
   ${revises("key_secrets_removed", "DELETE ON key_secrets")}
   ${revises("budgets_added", "INSERT ON budgets")} ${revises("budgets_changed", "UPDATE ON budgets")}
   ${revises("budgets_removed", "DELETE ON budgets")}
   ${revises("limits_added", "INSERT ON limits")} ${revises("limits_removed", "DELETE ON limits")}`,
  // Which files the tenant may upload.
  `ALTER TABLE tenant ADD COLUMN uploads TEXT NOT NULL DEFAULT '{}';
   ${revises("tenant_uploads_revised", "UPDATE OF uploads ON tenant")}`,
  // Whether anybody is to be told how jobs end: a job then carries that with it.
  `ALTER TABLE tenant ADD COLUMN webhook_endpoints INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE tenant ADD COLUMN webhooks_version INTEGER NOT NULL DEFAULT 0;
   ${revises("tenant_webhooks_revised", "UPDATE OF webhook_endpoints ON tenant")}`,
  // A trigger of its own: the list of columns of "tenant_revised" is that of the step that made it.
  `ALTER TABLE tenant ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT '[]';
   ${revises("tenant_origins_revised", "UPDATE OF allowed_origins ON tenant")}`,
  // That a job arrived at its tracker is asked anew by each instance, and not written down.
  `ALTER TABLE holds DROP COLUMN acknowledged;`,
  // An audit reads every row of these tables, so it needs no list of those that changed; a capture wrote into it each time.
  `DROP INDEX spend_since_checkpoint;
   DROP INDEX tag_spend_since_checkpoint;`,
  // Up to which entry counters and spend are counted: those after it are counted many at a time (count-up.ts). Holds have another
  // name, so that an older version, which knows nothing of that, fails at every hold and end instead of counting wrong. And
  // no CHECK: what somebody has put wrong must be counted on from there, for audits to name it, and not stop holds, ends and changes.
  `ALTER TABLE tenant ADD COLUMN counted_seq INTEGER NOT NULL DEFAULT 0;
   UPDATE tenant SET counted_seq = coalesce((SELECT MAX(seq) FROM journal), 0);
   ALTER TABLE holds RENAME TO open_holds;
   CREATE TABLE budget_counters (
     budget_id TEXT NOT NULL, window_id TEXT NOT NULL, captured_micros INTEGER NOT NULL,
     held_micros INTEGER NOT NULL, held_jobs INTEGER NOT NULL, reached TEXT NOT NULL DEFAULT '[]',
     PRIMARY KEY (budget_id, window_id)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO budget_counters SELECT budget_id, window_id, captured_micros, held_micros, held_jobs, reached FROM counters;
   DROP TABLE counters;`,
];
