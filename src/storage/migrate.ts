/**
 * Brings an object's database to the newest step; each step and its mark commit together. `whole`: what all steps make of
 * nothing, where that is wanted fast: objects of some kinds are made all the time, and each column that is added to a table costs
 * as much as a new table.
 */
export function migrate(storage: DurableObjectStorage, steps: readonly string[], whole: string | null = null): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY) STRICT");
  const done = Number(sql.exec("SELECT COUNT(*) AS n FROM schema_steps").one()["n"]);
  if (done === 0 && whole !== null) {
    storage.transactionSync(() => {
      sql.exec(whole);
      sql.exec(MARK_ALL, steps.length);
    });
    return;
  }
  for (let step = done; step < steps.length; step++) {
    storage.transactionSync(() => {
      sql.exec(steps[step] ?? "");
      sql.exec("INSERT INTO schema_steps (step) VALUES (?)", step + 1);
    });
  }
}

const MARK_ALL = `
  WITH RECURSIVE steps (step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM steps WHERE step < ?)
  INSERT INTO schema_steps (step) SELECT step FROM steps`;

/** Whether an object has a database already. Looking makes none. */
export const isMigrated = (storage: DurableObjectStorage): boolean =>
  Number(storage.sql.exec("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'schema_steps'").one()["n"]) > 0;
