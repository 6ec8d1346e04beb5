import type { Place } from "./protocol.ts";
import { count, shortened } from "./tally.ts";

/** A statement as its user has it, and the database's own behind it. */
const natives = new WeakMap<object, { statement: D1PreparedStatement; sql: string }>();

/** A D1 database whose rows are counted. Only what the gateway uses of it. */
export function countingD1(database: D1Database, place: Place): D1Database {
  const prepare = (sql: string): D1PreparedStatement => counted(database.prepare(sql), sql, place);
  const batch = async (statements: D1PreparedStatement[]): Promise<D1Result[]> => {
    const own = statements.map((statement) => natives.get(statement)).filter((one) => one !== undefined);
    const results = await database.batch(own.map(({ statement }) => statement));
    results.forEach((result, n) => note(result, own[n]?.sql ?? "", place));
    return results;
  };
  return { prepare, batch } as unknown as D1Database;
}

function counted(statement: D1PreparedStatement, sql: string, place: Place): D1PreparedStatement {
  const all = async (): Promise<D1Result> => note(await statement.all(), sql, place);
  const facade = {
    bind: (...values: unknown[]) => counted(statement.bind(...values), sql, place),
    all,
    run: async () => note(await statement.run(), sql, place),
    first: async (column?: string) => {
      const row = (await all()).results[0] as Record<string, unknown> | undefined;
      return row === undefined ? null : column === undefined ? row : row[column];
    },
    // Rows as arrays come without a count: what only reads is read once more for it.
    raw: async () => {
      if (!/^\s*select\b/i.test(sql)) return (await all()).results.map((row) => Object.values(row as object));
      await all();
      return statement.raw();
    },
  };
  natives.set(facade, { statement, sql });
  return facade as unknown as D1PreparedStatement;
}

function note<R extends D1Result>(result: R, sql: string, place: Place): R {
  const { rows_read: rowsRead, rows_written: rowsWritten } = result.meta;
  count({ rowsRead, rowsWritten }, { place, statement: shortened(sql) });
  return result;
}
