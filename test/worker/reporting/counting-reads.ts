import { replacing } from "./databases.ts";

/** The database, with the rows that were read through it. */
export function countingReads(db: D1Database): { db: D1Database; rowsRead: () => number } {
  let read = 0;
  const counted = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get: (real, name) => {
        if (name === "bind") return (...bound: unknown[]) => counted(real.bind(...bound));
        const value: unknown = Reflect.get(real, name);
        if (typeof value !== "function") return value;
        if (name !== "all" && name !== "raw" && name !== "first") return value.bind(real);
        return async () => {
          const { results, meta } = await real.all<Record<string, unknown>>();
          read += meta.rows_read;
          if (name === "first") return results[0] ?? null;
          return name === "all" ? { results, meta, success: true } : results.map((row) => Object.values(row));
        };
      },
    });
  const rowsRead = () => {
    const rows = read;
    read = 0;
    return rows;
  };
  return { db: replacing(db, "prepare", (sql: string) => counted(db.prepare(sql))), rowsRead };
}
