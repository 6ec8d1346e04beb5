/** What `POST /control/limits` and the clock control change, with the values an account starts with. */
export type Settings = {
  clock_offset_ms: number;
  videos_per_minute: number;
  concurrent_tasks: number;
  balance_usd: number;
  /** 1: a task whose webhook was never taken is refunded, as WaveSpeed documents. */
  refund_undelivered: number;
};

/** WaveSpeed's largest tier, and money enough. */
const DEFAULTS: Settings = {
  clock_offset_ms: 0,
  videos_per_minute: 5_000,
  concurrent_tasks: 10_000,
  balance_usd: 1_000_000,
  refund_undelivered: 0,
};

export function readSettings(sql: SqlStorage): Settings {
  const rows = sql.exec<{ name: string; value: number }>("SELECT name, value FROM settings").toArray();
  return { ...DEFAULTS, ...Object.fromEntries(rows.map((row) => [row.name, row.value])) };
}

export function writeSettings(sql: SqlStorage, changes: Partial<Settings>): void {
  for (const [name, value] of Object.entries(changes)) {
    sql.exec("INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
  }
}
