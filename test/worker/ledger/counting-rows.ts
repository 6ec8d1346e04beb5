/** The same storage, and how many rows its statements read and wrote since the last `take`. */
export function countingRows(storage: DurableObjectStorage): { storage: DurableObjectStorage; take: () => number } {
  const cursors: { rowsRead: number; rowsWritten: number }[] = [];
  const sql = new Proxy(storage.sql, {
    get: (target, name) => {
      if (name !== "exec") return Reflect.get(target, name, target) as unknown;
      return (query: string, ...bound: SqlStorageValue[]) => {
        const cursor = target.exec(query, ...bound);
        cursors.push(cursor);
        return cursor;
      };
    },
  });
  const counting = new Proxy(storage, {
    get: (target, name) => {
      if (name === "sql") return sql;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const take = (): number =>
    cursors.splice(0).reduce((sum, { rowsRead, rowsWritten }) => sum + rowsRead + rowsWritten, 0);
  return { storage: counting, take };
}
