import type { JobFacts } from "../journal-entry.ts";
import { type Checkpoint, holdItem, spendItem } from "./checkpoint.ts";
import { MultisetDigest } from "./multiset-digest.ts";
import { SPEND_COLUMNS, SPEND_TABLES, spendKey, type SpendKey, type SpendTable } from "./spend-key.ts";

/** A row of `spend` or `tag_spend`: its key, what it is now, and what it was at the checkpoint. Micro-dollars. */
export interface SpendState {
  key: SpendKey;
  capturedMicros: number;
  checkpointMicros: number;
}

export function lastCheckpoint(sql: SqlStorage): Checkpoint | null {
  const row = sql.exec("SELECT * FROM checkpoints ORDER BY seq DESC LIMIT 1").toArray()[0];
  return row ? toCheckpoint(row) : null;
}

/** Those whose entry lies after `afterSeq` and up to `toSeq`. */
export const checkpointsBetween = (sql: SqlStorage, afterSeq: number, toSeq: number): Checkpoint[] =>
  sql
    .exec("SELECT * FROM checkpoints WHERE seq > ? AND seq <= ? ORDER BY seq", afterSeq, toSeq)
    .toArray()
    .map(toCheckpoint);

export function saveCheckpoint(sql: SqlStorage, c: Checkpoint): void {
  sql.exec(
    `INSERT OR REPLACE INTO checkpoints (seq, hash, at, entries, totals, secret_version, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    c.seq,
    c.hash,
    c.at,
    c.entries,
    c.totals,
    c.secretVersion,
    c.signature,
  );
}

/** The holds that were open at the checkpoint, by job id. */
export function checkpointHolds(sql: SqlStorage): Map<string, JobFacts> {
  const rows = sql.exec("SELECT job_id, facts FROM checkpoint_holds");
  return new Map([...rows].map((row) => [String(row["job_id"]), JSON.parse(String(row["facts"])) as JobFacts]));
}

export function digestOfHolds(sql: SqlStorage): string {
  const digest = new MultisetDigest();
  for (const row of sql.exec("SELECT job_id, facts FROM checkpoint_holds")) {
    digest.add(holdItem(String(row["job_id"]), String(row["facts"])));
  }
  return digest.hex;
}

/** Rows of one table that are not zero at the checkpoint, in the order of their key; null: from the first on. */
export function checkpointSpend(
  sql: SqlStorage,
  table: SpendTable,
  after: SpendKey | null,
  limit: number,
): SpendState[] {
  const columns = SPEND_COLUMNS[table];
  const key = columns.join(", ");
  const beyond = after === null ? "" : `AND (${key}) > (${columns.map(() => "?").join(", ")})`;
  const rows = sql.exec(
    `SELECT * FROM ${table} WHERE checkpoint_micros <> 0 ${beyond} ORDER BY ${key} LIMIT ?`,
    ...(after ?? []).slice(1),
    limit,
  );
  return [...rows].map((row) => toSpend(table, row));
}

/** Rows of both tables that are not what they were at the checkpoint. */
export function* changedSpend(sql: SqlStorage): Generator<SpendState> {
  for (const table of SPEND_TABLES) {
    const rows = sql.exec(
      `SELECT * FROM ${table} INDEXED BY ${table}_since_checkpoint WHERE captured_micros <> checkpoint_micros`,
    );
    for (const row of rows) yield toSpend(table, row);
  }
}

/** Makes the tables in use the state at the checkpoint. Returns the digest of what was captured, moved on from `spendDigest`. */
export function moveBase(sql: SqlStorage, spendDigest: string): string {
  const digest = new MultisetDigest(spendDigest);
  for (const { key, capturedMicros, checkpointMicros } of changedSpend(sql)) {
    const text = spendKey(key);
    if (checkpointMicros !== 0) digest.remove(spendItem(text, checkpointMicros));
    digest.add(spendItem(text, capturedMicros));
  }
  for (const table of SPEND_TABLES) {
    sql.exec(`UPDATE ${table} SET checkpoint_micros = captured_micros WHERE captured_micros <> checkpoint_micros`);
  }
  sql.exec("DELETE FROM checkpoint_holds WHERE job_id NOT IN (SELECT job_id FROM holds)");
  sql.exec("INSERT OR IGNORE INTO checkpoint_holds (job_id, facts) SELECT job_id, facts FROM holds");
  return digest.hex;
}

const toSpend = (table: SpendTable, row: Record<string, SqlStorageValue>): SpendState => ({
  key: [table, ...SPEND_COLUMNS[table].map((column) => row[column])] as SpendKey,
  capturedMicros: Number(row["captured_micros"]),
  checkpointMicros: Number(row["checkpoint_micros"]),
});

const toCheckpoint = (row: Record<string, SqlStorageValue>): Checkpoint => ({
  seq: Number(row["seq"]),
  hash: String(row["hash"]),
  at: Number(row["at"]),
  entries: Number(row["entries"]),
  totals: String(row["totals"]),
  secretVersion: Number(row["secret_version"]),
  signature: String(row["signature"]),
});
