import { type Checkpoint, readTotals } from "./checkpoint.ts";

/** The one that audits go on from, verified or not. */
export function lastCheckpoint(sql: SqlStorage): Checkpoint | null {
  const row = sql.exec("SELECT * FROM checkpoints ORDER BY seq DESC LIMIT 1").toArray()[0];
  return row ? toCheckpoint(row) : null;
}

/** The last one from which an audit found everything right. Only the newest of all may not be verified. */
export function verifiedCheckpoint(sql: SqlStorage): Checkpoint | null {
  const newest = sql.exec("SELECT * FROM checkpoints ORDER BY seq DESC LIMIT 2").toArray().map(toCheckpoint);
  return newest.find((checkpoint) => readTotals(checkpoint).verified) ?? null;
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

export function dropCheckpoint(sql: SqlStorage, seq: number): void {
  sql.exec("DELETE FROM checkpoints WHERE seq = ?", seq);
}

const toCheckpoint = (row: Record<string, SqlStorageValue>): Checkpoint => ({
  seq: Number(row["seq"]),
  hash: String(row["hash"]),
  at: Number(row["at"]),
  entries: Number(row["entries"]),
  totals: String(row["totals"]),
  secretVersion: Number(row["secret_version"]),
  signature: String(row["signature"]),
});
