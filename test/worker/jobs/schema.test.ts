import { expect, it } from "vitest";
import { TRACKER_SCHEMA, TRACKER_STEPS } from "../../../src/jobs/schema.ts";
import { migrate } from "../../../src/storage/migrate.ts";
import * as w from "./world.ts";

/** Tables with their columns, indexes and rows, as they are in a database that was made so. */
const madeBy = (make: (storage: DurableObjectStorage) => void) =>
  w.inTracker(`${w.hex(6)}0000${w.hex(8)}`, (sql, { storage }) => {
    make(storage);
    const all = (query: string, ...binds: string[]) => sql.exec(query, ...binds).toArray();
    const tables = all("SELECT name, wr, strict FROM pragma_table_list WHERE type = 'table' ORDER BY name").filter(
      ({ name }) => !/^(sqlite|_cf)_/.test(String(name)),
    );
    return {
      tables: tables.map((table) => ({
        ...table,
        name: String(table["name"]),
        columns: all("SELECT * FROM pragma_table_info(?)", String(table["name"])),
        rows: all(`SELECT * FROM ${String(table["name"])}`),
      })),
      // As they were written, but for spaces and lines.
      indexes: all("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"),
      checks: all("SELECT sql FROM sqlite_master WHERE name = 'compared'").map(({ sql: text }) =>
        String(text).replaceAll(/\s+/g, " "),
      ),
    };
  });

it("a tracker that is made at once is as one that went through all steps", async () => {
  const atOnce = await madeBy((storage) => migrate(storage, TRACKER_STEPS, TRACKER_SCHEMA));
  expect(atOnce).toEqual(await madeBy((storage) => migrate(storage, TRACKER_STEPS)));
  expect(atOnce.tables.map(({ name }) => name)).toContain("jobs");
});

it("one that has gone through some steps goes through the others", async () => {
  const all = await madeBy((storage) => migrate(storage, TRACKER_STEPS));
  const twice = await madeBy((storage) => {
    migrate(storage, TRACKER_STEPS.slice(0, 9));
    migrate(storage, TRACKER_STEPS, TRACKER_SCHEMA);
    migrate(storage, TRACKER_STEPS, TRACKER_SCHEMA);
  });
  expect(twice).toEqual(all);
});
