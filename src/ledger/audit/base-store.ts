import { SPEND_COLUMNS, type SpendKey, type SpendTable } from "./spend-key.ts";

/**
 * The base: what lies at the checkpoint, beside what is in use. `checkpoint_micros` of `spend` and
 * `tag_spend`, and `checkpoint_holds`.
 */

/** A row of `spend` or `tag_spend`: its key, what it is now, and what it was at the checkpoint. Micro-dollars. */
export interface SpendState {
  key: SpendKey;
  capturedMicros: number;
  checkpointMicros: number;
}

/** Rows of one table, in the order of their key; null: from the first on. */
export function spendPage(sql: SqlStorage, table: SpendTable, after: SpendKey | null, limit: number): SpendState[] {
  const columns = SPEND_COLUMNS[table];
  const key = columns.join(", ");
  const beyond = after === null ? "" : `WHERE (${key}) > (${columns.map(() => "?").join(", ")})`;
  const rows = sql.exec(`SELECT * FROM ${table} ${beyond} ORDER BY ${key} LIMIT ?`, ...(after ?? []).slice(1), limit);
  return [...rows].map((row) => toSpend(table, row));
}

/** Null: there is no such row. */
export function findSpend(sql: SqlStorage, [table, ...columns]: SpendKey): SpendState | null {
  const row = sql.exec(`SELECT * FROM ${table} WHERE ${isKey(table)}`, ...columns).toArray()[0];
  return row ? toSpend(table, row) : null;
}

/** Adds to a row at the checkpoint; what is in use stays. Returns what it was before, in micro-dollars. */
export function addBaseSpend(sql: SqlStorage, [table, ...columns]: SpendKey, micros: number): number {
  const moved = sql
    .exec(
      `UPDATE ${table} SET checkpoint_micros = checkpoint_micros + ? WHERE ${isKey(table)} RETURNING checkpoint_micros`,
      micros,
      ...columns,
    )
    .toArray()[0];
  if (moved) return Number(moved["checkpoint_micros"]) - micros;
  // Somebody took the row away: the difference to what is in use will show it.
  sql.exec(
    `INSERT INTO ${table} (${SPEND_COLUMNS[table].join(", ")}, captured_micros, checkpoint_micros)
     VALUES (${columns.map(() => "?").join(", ")}, 0, ?)`,
    ...columns,
    micros,
  );
  return 0;
}

/** The facts, as text, of a hold that was open at the checkpoint; null: it was not. */
export function findBaseHold(sql: SqlStorage, jobId: string): string | null {
  const row = sql.exec("SELECT facts FROM checkpoint_holds WHERE job_id = ?", jobId).toArray()[0];
  return row ? String(row["facts"]) : null;
}

export function addBaseHold(sql: SqlStorage, jobId: string, facts: string): void {
  sql.exec("INSERT INTO checkpoint_holds (job_id, facts) VALUES (?, ?)", jobId, facts);
}

export function removeBaseHold(sql: SqlStorage, jobId: string): void {
  sql.exec("DELETE FROM checkpoint_holds WHERE job_id = ?", jobId);
}

const isKey = (table: SpendTable): string => SPEND_COLUMNS[table].map((column) => `${column} = ?`).join(" AND ");

const toSpend = (table: SpendTable, row: Record<string, SqlStorageValue>): SpendState => ({
  key: [table, ...SPEND_COLUMNS[table].map((column) => row[column])] as SpendKey,
  capturedMicros: Number(row["captured_micros"]),
  checkpointMicros: Number(row["checkpoint_micros"]),
});
