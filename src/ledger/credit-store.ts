import type { Credit } from "./types.ts";

/** The tenant's credit, or null where it has none. Live money only: the sandbox is never billed. */
export function findCredit(sql: SqlStorage): Credit | null {
  const row = sql.exec("SELECT * FROM credit").toArray()[0];
  return row ? toCredit(row) : null;
}

/** Null: the row of a join in which there was no credit. */
export function toCredit(row: Record<string, SqlStorageValue>): Credit | null {
  if (row["limit_micros"] === null) return null;
  return {
    balanceMicros: Number(row["balance_micros"]),
    heldMicros: Number(row["held_micros"]),
    heldJobs: Number(row["held_jobs"]),
    limitMicros: Number(row["limit_micros"]),
  };
}

/** Makes the credit, empty, or sets how far below zero it may go. */
export function openCredit(sql: SqlStorage, limitMicros: number): void {
  sql.exec(
    `INSERT INTO credit (id, balance_micros, held_micros, held_jobs, limit_micros) VALUES (1, 0, 0, 0, ?1)
     ON CONFLICT DO UPDATE SET limit_micros = ?1`,
    limitMicros,
  );
}

export function removeCredit(sql: SqlStorage): void {
  sql.exec("DELETE FROM credit");
}

/** Adds to the balance, or takes from it. */
export function moveBalance(sql: SqlStorage, amountMicros: number): void {
  sql.exec("UPDATE credit SET balance_micros = balance_micros + ?", amountMicros);
}

export function holdCredit(sql: SqlStorage, priceMicros: number): void {
  sql.exec("UPDATE credit SET held_micros = held_micros + ?, held_jobs = held_jobs + 1", priceMicros);
}

/** Ends a hold on the credit; what was captured leaves the balance. */
export function endCreditHold(sql: SqlStorage, ended: { heldMicros: number; capturedMicros: number }): void {
  sql.exec(
    "UPDATE credit SET held_micros = held_micros - ?, held_jobs = held_jobs - 1, balance_micros = balance_micros - ?",
    ended.heldMicros,
    ended.capturedMicros,
  );
}
