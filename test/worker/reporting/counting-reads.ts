import { replacing } from "./databases.ts";

/** The database, with the rows that were read through it. */
export function countingReads(db: D1Database): { db: D1Database; rowsRead: () => number } {
  let read = 0;
  const reals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const count = <Result extends { meta: { rows_read: number } }>(result: Result): Result => {
    read += result.meta.rows_read;
    return result;
  };
  const counting = (real: D1PreparedStatement): D1PreparedStatement => {
    const counted = {
      bind: (...bound: unknown[]) => counting(real.bind(...bound)),
      all: async () => count(await real.all()),
      run: async () => count(await real.run()),
      first: async () => count(await real.all()).results[0] ?? null,
      // Its answer has no count, and `all` has no two columns of one name: what is read is asked for twice.
      raw: async () => {
        count(await real.all());
        return real.raw();
      },
    } as unknown as D1PreparedStatement;
    reals.set(counted, real);
    return counted;
  };
  const batch = async (statements: D1PreparedStatement[]) =>
    (await db.batch(statements.map((statement) => reals.get(statement) ?? statement))).map(count);
  const rowsRead = () => {
    const rows = read;
    read = 0;
    return rows;
  };
  const prepare = (sql: string) => counting(db.prepare(sql));
  return { db: replacing(replacing(db, "prepare", prepare), "batch", batch), rowsRead };
}
