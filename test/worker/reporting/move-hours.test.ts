import type { D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { applyEntries, hourlyUsage, rebuildReport } from "../../../src/reporting/index.ts";
import { capturedAt, usageOfEntries, ZONES } from "./captures.ts";
import { newTenant } from "./databases.ts";
import { expectedReport, readReport } from "./expected-report.ts";
import { ledgerWith } from "./journals.ts";

const { REPORT: report, TEST_MIGRATIONS } = env as unknown as {
  REPORT: D1Database;
  TEST_MIGRATIONS: { REPORT: D1Migration[] };
};
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 9, 24);

const queriesOf = (name: string): string[] =>
  TEST_MIGRATIONS.REPORT.find((migration) => migration.name.startsWith(name))?.queries ?? [];
const run = (queries: readonly string[]) => report.batch(queries.map((sql) => report.prepare(sql)));

/** As a release before the move wrote a capture. */
const addTo = (table: string, column: string, period: string | number, tenant: string, { body }: JournalEntry) => {
  if (body.kind !== "capture") throw new Error("only captures");
  const { mode, team, keyId, model, seconds, costMicros, priceMicros } = body.job;
  return report
    .prepare(
      `INSERT INTO ${table} (tenant, mode, ${column}, team, key_id, model, jobs, seconds, cost_micros, price_micros)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?8, ?9)
       ON CONFLICT DO UPDATE SET jobs = jobs + 1, price_micros = price_micros + excluded.price_micros`,
    )
    .bind(tenant, mode, period, team ?? "", keyId, model, seconds, costMicros, priceMicros);
};

const countAsBefore = (tenant: string, entries: readonly JournalEntry[]) =>
  report.batch(
    entries.flatMap((entry) => [
      addTo("usage_hours", "hour", entry.at - (entry.at % HOUR_MS), tenant, entry),
      addTo("usage_days", "local_day", entry.localDay, tenant, entry),
    ]),
  );

test("hours of before the move are told as before, in any zone, and added to", async () => {
  const table = queriesOf("0000").filter((sql) => sql.includes("CREATE TABLE `usage_hours`"));
  await run([...table, "ALTER TABLE usage_days DROP COLUMN hours"]);
  // Hours of the day by turns, some of them with no other of days around.
  const tenants = ZONES.flatMap((zone) =>
    [5, 31, 55].map((apart) => {
      const times = Array.from({ length: 40 }, (_, i) => START + i * apart * HOUR_MS + ((i * 29) % 60) * 60_000);
      const tenant = newTenant();
      return { tenant, journal: capturedAt(tenant, zone, times, { priceMicros: 2 ** 47 + apart }) };
    }),
  );
  const captures = (journal: readonly JournalEntry[]) => journal.filter(({ body }) => body.kind === "capture");
  for (const { tenant, journal } of tenants) await countAsBefore(tenant, captures(journal.slice(0, 60)));
  await run(queriesOf("0006"));

  const isTold = async (tenant: string, entries: readonly JournalEntry[]) => {
    for (const [from, hours] of [
      [-48, 3_000],
      ...Array.from({ length: 60 }, (_, i) => [i * 3, 1 + (i % 30)]),
    ] as const) {
      const query = {
        mode: "live" as const,
        model: null,
        after: START + from! * HOUR_MS,
        before: START + (from! + hours!) * HOUR_MS,
      };
      expect(await hourlyUsage(report, { tenant, ...query })).toEqual({
        ok: true,
        value: usageOfEntries(entries, query),
      });
    }
  };
  for (const { tenant, journal } of tenants) {
    await isTold(tenant, journal.slice(0, 60));
    await applyEntries(report, tenant, journal.slice(60));
    await isTold(tenant, journal);
  }
  const { tenant, journal } = tenants[3]!;
  await rebuildReport(report, tenant, ledgerWith(journal), 1_000);
  expect(await readReport(report, tenant)).toEqual(expectedReport(journal));
  await isTold(tenant, journal);
});
