import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";

interface Bindings {
  CONTROL: D1Database;
  REPORT: D1Database;
  TEST_MIGRATIONS: { CONTROL: D1Migration[]; REPORT: D1Migration[] };
}

/** Both databases, migrated. Tests of a file share them: each test makes tenants of its own. */
export async function databases(): Promise<{ control: D1Database; report: D1Database }> {
  const { CONTROL, REPORT, TEST_MIGRATIONS } = env as unknown as Bindings;
  await applyD1Migrations(CONTROL, TEST_MIGRATIONS.CONTROL);
  await applyD1Migrations(REPORT, TEST_MIGRATIONS.REPORT);
  return { control: CONTROL, report: REPORT };
}

let tenants = 0;

/** A tenant number that no other test of the file uses. */
export function newTenant(): string {
  return (0x7e57_0000 + ++tenants).toString(16).padStart(12, "0");
}

/** The database, with the query plan of every statement that is prepared on it. */
export function explaining(db: D1Database): { db: D1Database; plans: () => Promise<string[]> } {
  const asked: { sql: string; bound: unknown[] }[] = [];
  const prepare = (sql: string) => {
    const statement = db.prepare(sql);
    return { bind: (...bound: unknown[]) => (asked.push({ sql, bound }), statement.bind(...bound)) };
  };
  const plans = async () => {
    const explain = asked.map(({ sql, bound }) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...bound));
    const answers = await db.batch<{ detail: string }>(explain);
    return answers.map(({ results }) => results.map(({ detail }) => detail).join("; "));
  };
  return { db: replacing(db, "prepare", prepare), plans };
}

/** The database with one method replaced. */
export function replacing(db: D1Database, method: "prepare" | "batch", by: unknown): D1Database {
  return new Proxy(db, {
    get: (real, name) => {
      if (name === method) return by;
      const value: unknown = Reflect.get(real, name);
      return typeof value === "function" ? value.bind(real) : value;
    },
  });
}
