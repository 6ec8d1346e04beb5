import { beforeAll, expect, test } from "vitest";
import { syncCatalogue } from "../../../src/sync/index.ts";
import { replacing } from "../reporting/databases.ts";
import { callerWith, control, migrate, operatorKey } from "./api.ts";

beforeAll(migrate);

const entry = (model_id: string, basePrice: number, properties: object) => ({
  model_id,
  type: "text-to-image",
  base_price: basePrice,
  api_schema: { api_schemas: [{ type: "model_run", request_schema: { type: "object", properties } }] },
});

let now = 1_900_000_000_000;

const sync = (database: D1Database, entries: unknown[]) =>
  syncCatalogue(database, { models: () => Promise.resolve({ kind: "listed", entries }) }, now++, { everyMs: 0 });

const alerts = async (): Promise<unknown[]> => {
  const { results } = await control.prepare("SELECT kind, subject FROM alerts ORDER BY kind").all();
  return results.map((row) => `${String(row["kind"])} ${String(row["subject"])}`);
};

/** D1, which fails once at the first statement of this kind. */
function failingOnce(sign: string): D1Database {
  let failed = false;
  return replacing(control, "prepare", (sql: string) => {
    if (failed || !sql.includes(sign)) return control.prepare(sql);
    failed = true;
    throw new Error("D1 is away");
  });
}

const PROMPT = { prompt: { type: "string" } };

async function enabled(): Promise<void> {
  for (const table of ["catalogue_models", "enabled_models", "rate_versions", "price_checks", "alerts"]) {
    await control.prepare(`DELETE FROM ${table}`).run();
  }
  const operator = callerWith((await operatorKey()).key);
  await sync(control, [entry("acme/moves", 0.005, PROMPT)]);
  expect((await operator("PUT", "/v1/models", { model: "acme/moves", enabled: true })).status).toBe(200);
}

test.each([
  'from "enabled_models"',
  'from "price_checks"',
  'into "price_checks"',
  "INTO catalogue_models",
  'into "alerts"',
])("what a new list touches is told by the next look, where one broke off at %s", async (sign) => {
  await enabled();
  const changed = [entry("acme/moves", 0.007, { ...PROMPT, n: { type: "integer" } })];
  await expect(sync(failingOnce(sign), changed)).rejects.toThrow(/D1 is away|was not taken/);
  expect(await sync(control, changed)).toMatchObject({ state: "done" });
  expect(await alerts()).toEqual(["price_differs acme/moves list 0: 0.007000", "schema_changed acme/moves"]);
});

test("a difference of price that no alert could be raised for is told the next time", async () => {
  await enabled();
  const dearer = [entry("acme/moves", 0.009, PROMPT)];
  await sync(failingOnce('into "alerts"'), dearer);
  await sync(control, dearer);
  expect(await alerts()).toEqual(["price_differs acme/moves list 0: 0.009000"]);
});
