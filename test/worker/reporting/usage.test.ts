import { expect, test } from "vitest";
import type { JournalEntry, Mode } from "../../../src/ledger/journal-entry.ts";
import {
  applyEntries,
  usage,
  USAGE_GROUPS,
  type UsageGroup,
  type UsageQuery,
  type UsageSum,
} from "../../../src/reporting/index.ts";
import { databases, explaining, newTenant } from "./databases.ts";
import { completedJobs } from "./journals.ts";

const { report } = await databases();

const SPAN = { from: "2026-03-01", to: "2026-04-30" };

/** 48 captured jobs: every combination of 2 modes, 3 teams, 2 keys and 2 models, twice, over several days. */
function mixedJobs(tenant: string): JournalEntry[] {
  const facts = [0, 1].flatMap((round) =>
    (["live", "test"] as const).flatMap((mode) =>
      [null, "red", "blue"].flatMap((team) =>
        ["key_a", "key_b"].flatMap((keyId) =>
          ["kwaivgi/a", "kwaivgi/b"].map((model) => ({ mode, team, keyId, model, seconds: 5 + 5 * round })),
        ),
      ),
    ),
  );
  return completedJobs(
    tenant,
    facts.map((fact, i) => ({ ...fact, costMicros: 1_000 * i + 7, priceMicros: 1_100 * i + 1 })),
  );
}

function subsets(groups: readonly UsageGroup[]): UsageGroup[][] {
  return groups.reduce<UsageGroup[][]>((all, group) => [...all, ...all.map((some) => [...some, group])], [[]]);
}

/** The answer, computed from the journal. */
function expected(entries: JournalEntry[], groupBy: UsageGroup[], modes: Mode[], onlyDay: string | null = null) {
  const rows = new Map<string, UsageSum & Record<string, unknown>>();
  for (const { body, localDay: day } of entries) {
    if (body.kind !== "capture" || !modes.includes(body.job.mode) || (onlyDay ?? day) !== day) continue;
    const { model, team, keyId: key, mode, seconds, costMicros, priceMicros } = body.job;
    const all = { day, model, team, key, mode };
    const groups = Object.fromEntries(groupBy.map((group) => [group, all[group]]));
    const name = JSON.stringify(groupBy.map((group) => all[group] ?? ""));
    const row = rows.get(name) ?? { ...groups, jobs: 0, seconds: 0, costMicros: 0, priceMicros: 0 };
    row.jobs++;
    row.seconds += seconds;
    row.costMicros += costMicros;
    row.priceMicros += priceMicros;
    rows.set(name, row);
  }
  return [...rows.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

async function rowsOf(query: UsageQuery) {
  const answer = await usage(report, query);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

test("every subset of groups, for each mode, says what the journal says", async () => {
  const tenant = newTenant();
  const journal = mixedJobs(tenant);
  await applyEntries(report, tenant, journal);
  const [all] = expected(journal, [], ["live", "test"]);
  expect(all).toMatchObject({ jobs: 48 });
  for (const [mode, modes] of [
    ["live", ["live"]],
    ["test", ["test"]],
    ["all", ["live", "test"]],
  ] as [UsageQuery["mode"], Mode[]][]) {
    for (const groupBy of subsets(USAGE_GROUPS)) {
      const { rows, total } = await rowsOf({ tenant, ...SPAN, groupBy, mode: mode! });
      expect(rows, `${mode} by ${groupBy.join(",")}`).toEqual(expected(journal, groupBy, modes));
      expect(total).toEqual(expected(journal, [], modes)[0]);
    }
  }
});

test("without a mode, sandbox jobs are in no sum", async () => {
  const tenant = newTenant();
  await applyEntries(report, tenant, completedJobs(tenant, [{ mode: "live" }, { mode: "test" }]));
  expect((await rowsOf({ tenant, ...SPAN, groupBy: ["mode"] })).rows).toMatchObject([{ mode: "live", jobs: 1 }]);
});

test("first and last day are included, the days beside them are not", async () => {
  const tenant = newTenant();
  const journal = mixedJobs(tenant);
  await applyEntries(report, tenant, journal);
  const days = [...new Set(journal.map(({ localDay }) => localDay))].toSorted();
  expect(days.length).toBeGreaterThan(1);
  for (const day of days) {
    const { rows } = await rowsOf({ tenant, from: day, to: day, groupBy: ["day"] });
    expect(rows).toEqual(expected(journal, ["day"], ["live"], day));
  }
});

test("a tenant sees only its own usage, and nothing when it has none", async () => {
  const [busy, idle] = [newTenant(), newTenant()];
  await applyEntries(report, busy, completedJobs(busy, [{}, {}]));
  for (const groupBy of [[], ["day"]] as UsageGroup[][]) {
    expect(await rowsOf({ tenant: idle, ...SPAN, groupBy })).toEqual({
      from: SPAN.from,
      rows: [],
      total: { jobs: 0, seconds: 0, costMicros: 0, priceMicros: 0 },
    });
  }
});

test.each([
  ["from", { from: "2026-02-30", to: "2026-03-01" }],
  ["to", { from: "2026-03-01", to: "tomorrow" }],
  ["to", { from: "2026-03-02", to: "2026-03-01" }],
  ["from", { from: "2025-01-01", to: "2026-02-05" }],
])("a bad span is refused by its field: %s of %o", async (field, span) => {
  const answer = await usage(report, { tenant: newTenant(), ...span, groupBy: [] });
  expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", issues: [{ field }] } });
});

test("400 days are taken", async () => {
  expect(await usage(report, { tenant: newTenant(), from: "2025-01-01", to: "2026-02-04", groupBy: [] })).toMatchObject(
    { ok: true },
  );
});

/** Days of so many different keys each, the last of them the given one. */
const fill = (tenant: string, { days, keys, mode = "live" }: { days: number; keys: number; mode?: Mode }) =>
  report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1)
       INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
       SELECT ?1, ?4, date('2026-04-30', '-' || (i / CAST(?3 AS INTEGER)) || ' days'), '', 'key_' || (i % CAST(?3 AS INTEGER)), 'm', 1, 5, 1, 1 FROM n`,
    )
    .bind(tenant, days * keys, keys, mode)
    .run();

test("a span of more rows than one answer reads is refused with the day that would do, not cut", async () => {
  const tenant = newTenant();
  await fill(tenant, { days: 10, keys: 1_000 });
  const asked = { tenant, to: "2026-04-30", groupBy: [] };
  const refused = await usage(report, { ...asked, from: "2026-04-26" });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: "invalid_request", issues: [{ field: "from", value: "2026-04-26" }] },
  });
  expect(!refused.ok && refused.error.message).toContain("must be 2026-04-27 or later");
  expect(await rowsOf({ ...asked, from: "2026-04-27" })).toMatchObject({ from: "2026-04-27", total: { jobs: 4_000 } });
  const shortened = await rowsOf({ ...asked, from: "2026-04-01", key: "key_7", mayShorten: true });
  expect(shortened).toMatchObject({ from: "2026-04-27", total: { jobs: 4 } });
});

test("a day alone that is too various is refused by its name", async () => {
  const tenant = newTenant();
  await fill(tenant, { days: 1, keys: 5_000 });
  const asked = { tenant, from: "2026-04-30", to: "2026-04-30", groupBy: [], mayShorten: true };
  expect(await usage(report, asked)).toMatchObject({
    ok: false,
    error: { issues: [{ field: "to", value: "2026-04-30" }] },
  });
  expect(await usage(report, asked, 10_000)).toMatchObject({ ok: true, value: { total: { jobs: 5_000 } } });
});

test("rows of all modes together are what one answer reads", async () => {
  const tenant = newTenant();
  await fill(tenant, { days: 4, keys: 1_000 });
  await fill(tenant, { days: 4, keys: 500, mode: "test" });
  const asked = { tenant, from: "2026-04-27", to: "2026-04-30", groupBy: ["mode" as const] };
  expect((await rowsOf({ ...asked, mode: "live" })).total.jobs).toBe(4_000);
  expect(await usage(report, { ...asked, mode: "all" })).toMatchObject({ ok: false });
  const shortened = await rowsOf({ ...asked, mode: "all", mayShorten: true });
  expect(shortened).toMatchObject({ from: "2026-04-30", rows: [{ jobs: 1_000 }, { jobs: 500 }] });
});

test("usage reads the days that were asked for, by the roll-up's key", async () => {
  const { db, plans } = explaining(report);
  await usage(db, { tenant: newTenant(), ...SPAN, groupBy: ["model"], mode: "all" });
  expect((await plans())[0]).toContain("USING PRIMARY KEY (tenant=? AND mode=? AND local_day>? AND local_day<?)");
});
