import { dropBillings } from "./billing-store.ts";
import { readSettings, writeSettings } from "./settings.ts";
import { RETENTION_MS } from "./task-store.ts";

export const SWEEP_EVERY_MS = 86_400_000;
/** The bill remembers this long; what is older only remains in the balance. */
const BILL_MS = 30 * 86_400_000;

/** Forgets what is past retention, so that a sandbox account does not grow for ever. */
export function sweep(sql: SqlStorage, now: number): void {
  const old = now - RETENTION_MS;
  sql.exec("DELETE FROM upload_parts WHERE upload_id IN (SELECT id FROM uploads WHERE created_at <= ?)", old);
  sql.exec("DELETE FROM uploads WHERE created_at <= ?", old);
  sql.exec("DELETE FROM deliveries WHERE due_at <= ? AND state <> 'waiting'", old);
  // A task that ends late keeps its row, so that its bill can still tell how it ended.
  sql.exec("DELETE FROM tasks WHERE created_at <= ? AND ends_at <= ?", old, old);
  sql.exec("DELETE FROM directive_uses WHERE met_at <= ?", old);
  const spent = dropBillings(sql, now - BILL_MS);
  if (spent !== 0) writeSettings(sql, { balance_usd: readSettings(sql).balance_usd - spent });
}

/** False: there is nothing that a later sweep could forget. */
export function holdsAnything(sql: SqlStorage): boolean {
  const { held } = sql
    .exec<{ held: number }>(
      `SELECT EXISTS (SELECT 1 FROM tasks) + EXISTS (SELECT 1 FROM billings) + EXISTS (SELECT 1 FROM uploads)
       + EXISTS (SELECT 1 FROM directive_uses) AS held`,
    )
    .one();
  return held > 0;
}
