import { beforeEach, expect, test } from "vitest";
import { spendByTenant } from "../../../src/reporting/index.ts";
import { countingReads } from "./counting-reads.ts";
import { databases, newTenant } from "./databases.ts";

const { report } = await databases();
const TO = "2026-11-28";
const query = { mode: "live" as const, from: "2026-11-01", to: TO, rowsMax: 4_900 };

beforeEach(async () => {
  await report.prepare("DELETE FROM usage_days").run();
});

/** A job of each key on each of the last days, up to the last. */
const fill = async (tenant: string, { days, keys, price }: { days: number; keys: number; price: number }) => {
  await report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1)
       INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
       SELECT ?1, 'live', date('${TO}', '-' || (i / CAST(?3 AS INTEGER)) || ' days'), '', 'key_' || (i % CAST(?3 AS INTEGER)),
         'm', 1, 5, 1, ?4 FROM n`,
    )
    .bind(tenant, days * keys, keys, price)
    .run();
  return tenant;
};

test("each tenant's days are summed, the largest first, the others together, and other modes and days are not there", async () => {
  const large = await fill(newTenant(), { days: 40, keys: 2, price: 100 });
  const small = [];
  for (let price = 9; price >= 1; price--) small.push(await fill(newTenant(), { days: 1, keys: 1, price }));
  await report.prepare("UPDATE usage_days SET mode = 'test' WHERE tenant = ?1").bind(newTenant()).run();
  const found = await spendByTenant(report, query);
  expect(found?.days).toHaveLength(28);
  expect(found?.series.map(({ name }) => name)).toEqual([large, ...small.slice(0, 7), null]);
  expect(found?.series[0]).toMatchObject({ jobs: 56, priceMicros: 5_600, costMicros: 56 });
  expect(found?.series[0]?.values).toEqual(Array.from({ length: 28 }, () => 200));
  expect(found?.series.at(-1)).toMatchObject({ jobs: 2, priceMicros: 3, costMicros: 2 });
});

test("what does not fit is left out by whole spans of days, the oldest first", async () => {
  for (let tenants = 0; tenants < 10; tenants++) await fill(newTenant(), { days: 28, keys: 40, price: 1 });
  const { db, rowsRead } = countingReads(report);
  const found = await spendByTenant(db, query);
  expect(rowsRead()).toBeLessThanOrEqual(5_000);
  expect(found?.days).toEqual(["22", "23", "24", "25", "26", "27", "28"].map((day) => `2026-11-${day}`));
  expect(found?.series.every(({ values }) => values.every((value) => value === 40 || value === 80))).toBe(true);
});

test("null where not even one day fits, or where there are too many tenants", async () => {
  for (let tenants = 0; tenants < 10; tenants++) await fill(newTenant(), { days: 2, keys: 600, price: 1 });
  expect(await spendByTenant(report, query)).toBe(null);
  expect(await spendByTenant(report, { ...query, rowsMax: 20 })).toBe(null);
  expect(await spendByTenant(report, { ...query, rowsMax: 0 })).toBe(null);
});

test("a gateway without usage has no lines", async () => {
  expect(await spendByTenant(report, query)).toMatchObject({ series: [] });
});
