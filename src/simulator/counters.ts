/** How often each thing happened since the account began or was reset. */
export type Counter =
  | "submits"
  | "polls"
  | "lists"
  | "deletes"
  | "uploads"
  | "models"
  | "prices"
  | "balances"
  | "billings"
  | "webhooks";

export function count(sql: SqlStorage, name: Counter): void {
  sql.exec("INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", name);
}

export function readCounters(sql: SqlStorage): Record<string, number> {
  const rows = sql.exec<{ name: string; value: number }>("SELECT name, value FROM counters").toArray();
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}
