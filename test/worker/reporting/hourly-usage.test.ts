import { expect, test } from "vitest";
import { hourlyUsage } from "../../../src/reporting/index.ts";
import { databases, newTenant } from "./databases.ts";

const { report } = await databases();

const HOUR_MS = 3_600_000;
const LAST = Date.UTC(2026, 3, 30, 23);

/** Hours up to the last of April, each with so many keys. */
const fill = (tenant: string, hours: number, keys: number) =>
  report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1)
       INSERT INTO usage_hours (tenant, mode, hour, team, key_id, model, jobs, seconds, cost_micros, price_micros)
       SELECT ?1, 'live', ?4 - i / CAST(?3 AS INTEGER) * 3600000, '', 'key_' || (i % CAST(?3 AS INTEGER)),
         iif(i % 2 = 0, 'm', 'n'), 1, 5, 1, 2 FROM n`,
    )
    .bind(tenant, hours * keys, keys, LAST)
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

test("a span of more rows than one answer reads is refused with the hour that would do", async () => {
  const tenant = newTenant();
  await fill(tenant, 10, 1_000);
  const asked = { tenant, mode: "live" as const, before: LAST + HOUR_MS, model: null };
  const refused = await hourlyUsage(report, { ...asked, after: LAST - 9 * HOUR_MS });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: "invalid_request", issues: [{ field: "start_time", value: "2026-04-30T14:00:00.000Z" }] },
  });
  expect(!refused.ok && refused.error.message).toContain("must be 2026-04-30T20:00:00.000Z or later");
  expect((await hourlyUsage(report, { ...asked, after: Date.UTC(2026, 3, 30, 20) })).ok).toBe(true);
});
