import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import { unstable_splitSqlQuery } from "wrangler";
import { readWranglerToml } from "../wrangler-toml.ts";
import { startRuntime } from "./runtime.ts";
import type { State } from "./state.ts";

export type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/** As `wrangler d1 migrations apply` makes it, so that either may follow the other. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Brings every database to the newest schema, then runs `fill`. In a runtime of its own, before the
 * gateway's: on old state a Durable Object's alarm may fire the moment that its class exists, and
 * must not meet an old schema.
 */
export async function prepareDatabases(
  state: State,
  configPath: string,
  fill: (database: (binding: string) => Promise<Database>) => Promise<void>,
): Promise<void> {
  const databases = readWranglerToml(configPath).d1_databases;
  const d1Databases = Object.fromEntries(databases.map((d) => [d.binding, d.database_id]));
  const { miniflare } = await startRuntime(state, [
    {
      name: "prepare",
      d1Databases,
      modules: [{ type: "ESModule", path: "index.js", contents: "export default {}" }],
    },
  ]);
  try {
    for (const { binding, migrations_dir } of databases) {
      await migrate(await miniflare.getD1Database(binding), migrations_dir);
    }
    await fill((binding) => miniflare.getD1Database(binding));
  } finally {
    await miniflare.dispose();
  }
}

/** Applies what is not yet applied, in the order of names; each file in a transaction of its own. */
async function migrate(database: Database, folder: string): Promise<void> {
  await database.prepare(MIGRATIONS_TABLE).run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  for (const name of files.toSorted()) {
    if (applied.has(name)) continue;
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}
