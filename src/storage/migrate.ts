/** Brings an object's database to the newest step; each step and its mark commit together. */
export function migrate(storage: DurableObjectStorage, steps: readonly string[]): void {
  storage.sql.exec("CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY) STRICT");
  const done = Number(storage.sql.exec("SELECT COUNT(*) AS n FROM schema_steps").one()["n"]);
  for (let step = done; step < steps.length; step++) {
    storage.transactionSync(() => {
      storage.sql.exec(steps[step] ?? "");
      storage.sql.exec("INSERT INTO schema_steps (step) VALUES (?)", step + 1);
    });
  }
}

/** Whether an object has a database already. Looking makes none. */
export const isMigrated = (storage: DurableObjectStorage): boolean =>
  Number(storage.sql.exec("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'schema_steps'").one()["n"]) > 0;
