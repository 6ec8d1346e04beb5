/** Whose desk it is, and how much of its endpoints the ledger knows. */
export interface DeskRow {
  tenant: string;
  /** Counts the changes of which endpoints are enabled. */
  version: number;
  toldVersion: number;
}

export function openDesk(sql: SqlStorage, tenant: string): void {
  sql.exec("INSERT INTO desk (id, tenant) VALUES (1, ?) ON CONFLICT DO NOTHING", tenant);
}

/** Null: nothing was ever told to this desk. */
export function readDeskRow(sql: SqlStorage): DeskRow | null {
  const [row] = sql.exec("SELECT * FROM desk").toArray();
  return row
    ? { tenant: String(row["tenant"]), version: Number(row["version"]), toldVersion: Number(row["told_version"]) }
    : null;
}

/** Call in the transaction that changes which endpoints are enabled. */
export function countChange(sql: SqlStorage): void {
  sql.exec("UPDATE desk SET version = version + 1");
}

export function ledgerTold(sql: SqlStorage, version: number): void {
  sql.exec("UPDATE desk SET told_version = ?1 WHERE told_version < ?1", version);
}
