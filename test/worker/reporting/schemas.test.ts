import { getTableColumns, getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import * as reportSchema from "../../../src/reporting/schema.ts";
import * as controlSchema from "../../../src/settings/schema.ts";
import { databases } from "./databases.ts";

const { control, report } = await databases();

test.each([
  ["CONTROL", control, controlSchema],
  ["REPORT", report, reportSchema],
])("the migrations of %s make every table of its schema, STRICT and WITHOUT ROWID", async (_, db, schema) => {
  const tables = Object.values(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));
  expect(tables.length).toBeGreaterThan(4);
  for (const table of tables) {
    const name = getTableName(table);
    const made = await db.prepare("SELECT strict, wr FROM pragma_table_list WHERE name = ?1").bind(name).first();
    expect(made, name).toEqual({ strict: 1, wr: 1 });
    const { results } = await db.prepare("SELECT name FROM pragma_table_info(?1)").bind(name).all<{ name: string }>();
    const columns = Object.values(getTableColumns(table)).map((column) => column.name);
    expect(results.map((column) => column.name).toSorted(), name).toEqual(columns.toSorted());
  }
});

test("money is kept as an integer or not at all", async () => {
  const insert = report.prepare(
    `INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
     VALUES ('t', 'live', '2026-03-01', '', 'k', 'm', 1, 5, 1, ?1)`,
  );
  await expect(async () => await insert.bind(0.26).run()).rejects.toThrow(/cannot store REAL value/);
  await expect(async () => await insert.bind("free").run()).rejects.toThrow(/cannot store TEXT value/);
});

test("one alert per kind and subject", async () => {
  const insert = control.prepare("INSERT INTO alerts VALUES (?1, 'model_unpriced', 'kwaivgi/x', 'm', 1, 1, 1)");
  await insert.bind("a").run();
  await expect(async () => await insert.bind("b").run()).rejects.toThrow(/UNIQUE/);
});
