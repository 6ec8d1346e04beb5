import { usualAfter } from "./pace.ts";

/** How long tasks of each model usually run, as this tracker has seen them. */
export function readUsualMs(sql: SqlStorage, model: string): number | null {
  const row = sql.exec("SELECT ms FROM usual_times WHERE model = ?", model).toArray()[0];
  return row ? Number(row["ms"]) : null;
}

export function learnUsualMs(sql: SqlStorage, model: string, runMs: number): void {
  const ms = usualAfter(readUsualMs(sql, model), runMs);
  sql.exec("INSERT INTO usual_times VALUES (?, ?) ON CONFLICT (model) DO UPDATE SET ms = excluded.ms", model, ms);
}
