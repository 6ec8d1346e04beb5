import type { StatementCount } from "./protocol.ts";

/** Counts the SQL of what `call` does before its first await: that is a whole call of a ledger. */
export async function countStatements(sql: SqlStorage, call: () => Promise<unknown>): Promise<StatementCount> {
  const prototype = Object.getPrototypeOf(sql) as { exec: SqlStorage["exec"] };
  const exec = prototype.exec;
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  prototype.exec = function <T extends Record<string, SqlStorageValue>>(this: SqlStorage, ...args: [string]) {
    const cursor = exec.apply(this, args) as SqlStorageCursor<T>;
    cursors.push(cursor);
    return cursor;
  };
  let answer: Promise<unknown>;
  try {
    answer = call();
  } finally {
    prototype.exec = exec;
  }
  await answer;
  const sum = (name: "rowsWritten" | "rowsRead"): number => cursors.reduce((total, cursor) => total + cursor[name], 0);
  return { statements: cursors.length, rowsWritten: sum("rowsWritten"), rowsRead: sum("rowsRead") };
}
