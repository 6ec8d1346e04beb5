/** An account's storage. Times are milliseconds since 1970 on the account's own clock. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, model TEXT NOT NULL, input TEXT NOT NULL,
    seconds INTEGER NOT NULL, aspect TEXT NOT NULL, base64 INTEGER NOT NULL, price_usd REAL NOT NULL,
    created_at INTEGER NOT NULL, running_from INTEGER NOT NULL, ends_at INTEGER NOT NULL,
    end_status TEXT NOT NULL, error TEXT NOT NULL, code INTEGER NOT NULL, nsfw INTEGER NOT NULL,
    media_status INTEGER NOT NULL, vanished INTEGER NOT NULL, poll_fault TEXT NOT NULL,
    polls INTEGER NOT NULL, webhook_url TEXT NOT NULL, public_base TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS tasks_by_time ON tasks (created_at, id)",
  `CREATE TABLE IF NOT EXISTS billings (
    uuid TEXT PRIMARY KEY, billing_type TEXT NOT NULL, prediction_id TEXT NOT NULL, model TEXT NOT NULL,
    price_usd REAL NOT NULL, created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  "CREATE INDEX IF NOT EXISTS billings_by_prediction ON billings (prediction_id)",
  `CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, operation TEXT NOT NULL, model TEXT NOT NULL, prompt_contains TEXT NOT NULL,
    prediction_id TEXT NOT NULL, fault TEXT NOT NULL, times INTEGER NOT NULL, fired INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE IF NOT EXISTS directive_uses (
    prompt_hash TEXT PRIMARY KEY, uses INTEGER NOT NULL, met_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, prediction_id TEXT NOT NULL, due_at INTEGER NOT NULL, attempt INTEGER NOT NULL,
    forged INTEGER NOT NULL, copies INTEGER NOT NULL, scripted INTEGER NOT NULL, state TEXT NOT NULL,
    last_status INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, filename TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL,
    created_at INTEGER NOT NULL, complete INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS upload_parts (
    upload_id TEXT NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (upload_id, position)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value REAL NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
];

const NAMES = [
  "tasks",
  "billings",
  "faults",
  "directive_uses",
  "deliveries",
  "uploads",
  "upload_parts",
  "settings",
  "counters",
];

export function createTables(sql: SqlStorage): void {
  for (const statement of TABLES) sql.exec(statement);
}

export function emptyTables(sql: SqlStorage): void {
  for (const name of NAMES) sql.exec(`DELETE FROM ${name}`);
}
