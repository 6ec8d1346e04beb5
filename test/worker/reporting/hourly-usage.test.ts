import * as fc from "fast-check";
import { expect, test } from "vitest";
import { applyEntries, hourlyUsage, rebuildReport, replayJournal } from "../../../src/reporting/index.ts";
import { capturedAt, endsInAZone, journalOfEnds, spanOfHours, usageOfEntries } from "./captures.ts";
import { databases, newTenant } from "./databases.ts";
import { ledgerWith } from "./journals.ts";

const { report } = await databases();
const seed = Date.now() % 2 ** 31;
console.info(`fast-check seed: ${seed}`);

const HOUR_MS = 3_600_000;
const LAST = Date.UTC(2026, 3, 30, 23);
const live = { mode: "live" as const, model: null };

/** Hours up to the last of April, so many hours apart, each with so many keys. The zone is UTC. */
const fill = (tenant: string, hours: number, keys: number, apart = 1) =>
  report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1)
       INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros, hours)
       SELECT ?1, 'live', strftime('%Y-%m-%d', hour * 3600, 'unixepoch') AS day, '', key, model, count(*), 5 * count(*),
         count(*), 2 * count(*), json_group_object(hour, json_array(1, 2))
       FROM (
         SELECT CAST(?4 AS INTEGER) - i / CAST(?3 AS INTEGER) * CAST(?5 AS INTEGER) AS hour, 'key_' || (i % CAST(?3 AS INTEGER)) AS key,
           iif(i % 2 = 0, 'm', 'n') AS model
         FROM n
       )
       GROUP BY day, key, model`,
    )
    .bind(tenant, hours * keys, keys, LAST / HOUR_MS, apart)
    .run();

test("hours are summed by UTC day and model", async () => {
  const tenant = newTenant();
  await fill(tenant, 30, 10);
  const asked = { tenant, mode: "live" as const, after: LAST - 29 * HOUR_MS, before: LAST + HOUR_MS };
  const all = await hourlyUsage(report, { ...asked, model: null });
  expect(all).toEqual({
    ok: true,
    value: [
      { model: "m", day: "2026-04-29", jobs: 30, priceMicros: 60, lastHour: Date.UTC(2026, 3, 29, 23) },
      { model: "n", day: "2026-04-29", jobs: 30, priceMicros: 60, lastHour: Date.UTC(2026, 3, 29, 23) },
      { model: "m", day: "2026-04-30", jobs: 120, priceMicros: 240, lastHour: LAST },
      { model: "n", day: "2026-04-30", jobs: 120, priceMicros: 240, lastHour: LAST },
    ],
  });
  const one = await hourlyUsage(report, { ...asked, model: "n" });
  expect(one).toMatchObject({
    ok: true,
    value: [
      { model: "n", jobs: 30 },
      { model: "n", jobs: 120 },
    ],
  });
});

test("a span of more rows than one answer reads is refused with the first hour that would do", async () => {
  const tenant = newTenant();
  await fill(tenant, 10, 1_000, 24);
  const asked = { tenant, ...live, before: LAST + HOUR_MS };
  const refused = await hourlyUsage(report, { ...asked, after: LAST - 9 * 24 * HOUR_MS });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: "invalid_request", issues: [{ field: "start_time", value: "2026-04-21T23:00:00.000Z" }] },
  });
  expect(!refused.ok && refused.error.message).toContain("must be 2026-04-27T12:00:00.000Z or later");
  const least = Date.UTC(2026, 3, 27, 12);
  expect((await hourlyUsage(report, { ...asked, after: least - 1 })).ok).toBe(false);
  const { value } = (await hourlyUsage(report, { ...asked, after: least })) as { value: { jobs: number }[] };
  expect(value.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(4_000);
});

test("the hours of a day cost no row more: a month of them with 140 keys is one answer", async () => {
  const tenant = newTenant();
  await fill(tenant, 31 * 24, 140);
  const asked = { tenant, ...live, after: LAST - (31 * 24 - 1) * HOUR_MS, before: LAST + HOUR_MS };
  const all = await hourlyUsage(report, asked);
  expect(all.ok && all.value.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(31 * 24 * 140);
});

test("days that no start would do for are refused by the end", async () => {
  const tenant = newTenant();
  await fill(tenant, 1, 5_000);
  const refused = await hourlyUsage(report, { tenant, ...live, after: LAST, before: LAST + HOUR_MS });
  expect(refused).toMatchObject({ ok: false, error: { issues: [{ field: "end_time" }] } });
  expect(await hourlyUsage(report, { tenant, ...live, after: 0, before: LAST - 48 * HOUR_MS })).toMatchObject({
    ok: true,
  });
});

test("an hour that local midnight divides is counted once, of whichever days it is asked", async () => {
  const tenant = newTenant();
  // Midnight in Kolkata is 18:30Z.
  const midnight = Date.UTC(2026, 4, 2, 18, 30);
  const journal = capturedAt(tenant, "Asia/Kolkata", [midnight - 1, midnight, midnight + 60_000], { priceMicros: 7 });
  for (const entry of journal) await applyEntries(report, tenant, [entry]);
  const { results } = await report
    .prepare("SELECT local_day AS day, hours FROM usage_days WHERE tenant = ?1 ORDER BY 1")
    .bind(tenant)
    .all();
  const hour = Date.UTC(2026, 4, 2, 18) / HOUR_MS;
  expect(results).toEqual([
    { day: "2026-05-02", hours: `{"${hour}":[1,7]}` },
    { day: "2026-05-03", hours: `{"${hour}":[2,14]}` },
  ]);
  const asked = { tenant, ...live, after: midnight, before: midnight + 1 };
  expect(await hourlyUsage(report, asked)).toMatchObject({ value: [{ day: "2026-05-02", jobs: 3, priceMicros: 21 }] });
  for (const hours of [-1, 1]) {
    const beside = { ...asked, after: midnight + hours * HOUR_MS, before: midnight + hours * HOUR_MS + 1 };
    expect(await hourlyUsage(report, beside)).toEqual({ ok: true, value: [] });
  }
});

test("a day of 25 hours keeps them all in one row, however they come", async () => {
  const tenant = newTenant();
  const begins = Date.UTC(2026, 9, 24, 22);
  const times = Array.from({ length: 75 }, (_, i) => begins + i * (HOUR_MS / 3));
  const journal = capturedAt(tenant, "Europe/Berlin", times);
  const [odd, even] = [1, 0].map((rest) => journal.filter(({ seq }) => Math.ceil(seq / 2) % 2 === rest));
  for (const part of [odd!, even!.toReversed(), odd!, journal]) await applyEntries(report, tenant, part);
  const rows = await report.prepare("SELECT local_day, hours FROM usage_days WHERE tenant = ?1").bind(tenant).all();
  expect(rows.results).toHaveLength(1);
  const kept = JSON.parse(String(rows.results[0]?.["hours"])) as Record<string, unknown>;
  expect(Object.values(kept)).toEqual(Array.from({ length: 25 }, () => [3, 3 * 1_430_000]));
  for (let hour = begins; hour < begins + 25 * HOUR_MS; hour += HOUR_MS) {
    const found = await hourlyUsage(report, { tenant, ...live, after: hour, before: hour + 1 });
    expect(found).toMatchObject({ value: [{ jobs: 3, lastHour: hour }] });
  }
});

const asked = fc.record({ span: spanOfHours, model: fc.constantFrom(null, "m", "n/o") });

/** Messages of several entries, each twice, in any order. */
const deliveries = fc.tuple(endsInAZone, fc.integer({ min: 1, max: 9 })).chain(([given, size]) => {
  const count = 2 * Math.ceil((2 * given.ends.length) / size);
  return fc.record({
    given: fc.constant(given),
    size: fc.constant(size),
    order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
    spans: fc.array(asked, { minLength: 1, maxLength: 12 }),
  });
});

test("it is the sum of the entries, in any zone and over any span, however these came", async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ given, size, order, spans }) => {
      const tenant = newTenant();
      const journal = journalOfEnds(tenant, given);
      const message = (index: number) => journal.slice(index * size, (index + 1) * size).toReversed();
      await Promise.all([
        ...order.map((index) => applyEntries(report, tenant, message(index % (order.length / 2)))),
        replayJournal(report, tenant, ledgerWith(journal), 30),
      ]);
      const check = async () => {
        for (const { span, model } of spans) {
          for (const mode of ["live", "test"] as const) {
            const query = { mode, model, ...span };
            const found = await hourlyUsage(report, { tenant, ...query });
            expect(found).toEqual({ ok: true, value: usageOfEntries(journal, query) });
          }
        }
      };
      await check();
      await rebuildReport(report, tenant, ledgerWith(journal), 1_000);
      await check();
    }),
    { seed, numRuns: 40 },
  );
});
