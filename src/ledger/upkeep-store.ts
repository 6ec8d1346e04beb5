/** Work that the ledger does by itself, in the order in which it comes first. */
export type UpkeepTask = "audit" | "checkpoint" | "archive";

/** What went wrong with a task, and when to try again (epoch ms). */
export interface UpkeepFailure {
  attempts: number;
  nextAt: number;
  message: string;
}

const MESSAGE_CHARS_MAX = 1_000;

export function findFailure(sql: SqlStorage, task: UpkeepTask): UpkeepFailure | null {
  const row = sql.exec("SELECT * FROM upkeep WHERE task = ?", task).toArray()[0];
  if (!row) return null;
  return { attempts: Number(row["attempts"]), nextAt: Number(row["next_at"]), message: String(row["message"]) };
}

export function saveFailure(sql: SqlStorage, task: UpkeepTask, { attempts, nextAt, message }: UpkeepFailure): void {
  sql.exec(
    "INSERT OR REPLACE INTO upkeep (task, attempts, next_at, message) VALUES (?, ?, ?, ?)",
    task,
    attempts,
    nextAt,
    message.slice(0, MESSAGE_CHARS_MAX),
  );
}

/** Writes nothing where nothing had failed. */
export function clearFailure(sql: SqlStorage, task: UpkeepTask): void {
  sql.exec("DELETE FROM upkeep WHERE task = ?", task);
}
