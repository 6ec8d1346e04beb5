import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { replaceBudget } from "../../../src/ledger/replace-budget.ts";
import type { JobFacts } from "../../../src/ledger/journal-entry.ts";
import { addSpend, BUCKET_MS } from "../../../src/ledger/spend-store.ts";
import type { Budget, BudgetScope } from "../../../src/ledger/types.ts";
import { auditOf } from "../../support/audit-of.ts";
import { jobFacts } from "../../support/job-facts.ts";
import * as life from "./long-life.ts";
import { newKey, newTenant, NOON, PRICE, request, T2V, WHOLE, type TestTenant } from "./tenant.ts";

const DAY_MS = 86_400_000;
const WINDOWS = ["day", "week", "month", "total"] as const;
const tag = (name: string, value: string): BudgetScope => ({ kind: "tag", name, value });

afterEach(() => void vi.useRealTimers());

/** Admitted and captured at this time. */
async function capturedAt(tenant: TestTenant, at: number, tags: Record<string, string>): Promise<void> {
  vi.setSystemTime(at);
  const made = await tenant.ledger.reserve(request(tenant.caller, { tags }));
  if (!made.ok) throw new Error(made.error.message);
  await life.capture(tenant.ledger, made.value.job.jobId);
}

describe("a budget that is put later counts what its window has captured", () => {
  // 2044-01-15 is a Friday: the week began on the 11th.
  const HISTORY = [
    [NOON - 40 * DAY_MS, { project: "alpha", shot: "1" }],
    [NOON - 8 * DAY_MS, { project: "alpha", shot: "12" }],
    [NOON - 3 * DAY_MS, { project: "alpha", shot: "12" }],
    [NOON - 3 * DAY_MS + BUCKET_MS, { project: "beta", shot: "12" }],
    [NOON - DAY_MS, {}],
    [NOON - 12 * 3_600_000 - 1, { project: "alpha" }],
    [NOON - 12 * 3_600_000, { project: "alpha", shot: "13" }],
    [NOON - 1, { shot: "12" }],
    [NOON, { project: "alpha", shot: "12", "it's": 'odd "value"' }],
  ] as const;

  const COUNTS: [BudgetScope, day: number, week: number, month: number, total: number][] = [
    [{ kind: "tenant" }, 3, 7, 8, 9],
    [{ kind: "model", model: T2V }, 3, 7, 8, 9],
    [{ kind: "model", model: "other/model" }, 0, 0, 0, 0],
    [{ kind: "team", team: "film" }, 3, 7, 8, 9],
    [{ kind: "team", team: "others" }, 0, 0, 0, 0],
    [tag("project", "alpha"), 2, 4, 5, 6],
    [tag("project", "beta"), 0, 1, 1, 1],
    [tag("shot", "12"), 2, 4, 5, 5],
    [tag("shot", "1"), 0, 0, 0, 1],
    [tag("it's", 'odd "value"'), 1, 1, 1, 1],
    [tag("shot", "alpha"), 0, 0, 0, 0],
  ];

  test("in every window, whatever its scope, and the audit agrees", async () => {
    vi.setSystemTime(NOON - 50 * DAY_MS);
    const made = await newTenant(1_000 * PRICE);
    const tenant = { ...made, caller: await newKey(made.ledger, "live", { team: "film" }) };
    for (const [at, tags] of HISTORY) await capturedAt(tenant, at, tags);
    const expected = [];
    for (const [n, [scope, ...counts]] of COUNTS.entries()) {
      for (const [i, window] of WINDOWS.entries()) {
        const budget = { ...WHOLE, id: `b${n}-${window}`, scope, window, limitMicros: 1_000 * PRICE };
        expect(await tenant.ledger.change("put_budget", budget)).toMatchObject({ ok: true });
        expected.push([budget.id, (counts[i] ?? 0) * PRICE]);
      }
    }
    const found = (await tenant.ledger.budgets()).map((budget) => [budget.id, budget.capturedMicros]);
    expect(Object.fromEntries(found)).toEqual({ whole: HISTORY.length * PRICE, ...Object.fromEntries(expected) });
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, differences: [] });
  });
});

describe("what is written and read", () => {
  const job = (n: number, tags: Record<string, string>): JobFacts =>
    jobFacts({
      jobId: String(n),
      keyId: `k${n % 2}`,
      model: T2V,
      tags,
      admittedAt: NOON + Math.floor(n / 500) * BUCKET_MS,
    });

  /** Rows read and written by what `run` does in a ledger's tables. */
  async function rowsOf(tenant: string, run: (sql: SqlStorage) => void): Promise<{ read: number; written: number }> {
    return await runInDurableObject(life.stubOf(tenant), (_instance, { storage }) => {
      const cursors: { rowsRead: number; rowsWritten: number }[] = [];
      const exec: SqlStorage["exec"] = (query, ...bound) => {
        const cursor = storage.sql.exec(query, ...bound);
        cursors.push(cursor);
        return cursor as never;
      };
      run(Object.assign(Object.create(null) as SqlStorage, { exec }));
      const sum = (of: "rowsRead" | "rowsWritten") => cursors.reduce((total, cursor) => total + cursor[of], 0);
      return { read: sum("rowsRead"), written: sum("rowsWritten") };
    });
  }

  test("a capture writes one row, and one for each tag", async () => {
    const { id } = await newTenant(PRICE);
    const written = async (tags: Record<string, string>): Promise<number> =>
      (await rowsOf(id, (sql) => addSpend(sql, [job(0, tags)]))).written;
    expect([await written({}), await written({})]).toEqual([1, 1]);
    expect([await written({ shot: "1" }), await written({ shot: "1" })]).toEqual([2, 2]);
    expect(await written({ shot: "1", project: "alpha" })).toBe(3);
  });

  test("a budget put after 50,000 jobs of unique tags reads its scope's rows, not the jobs", async () => {
    const { id } = await newTenant(PRICE);
    await rowsOf(id, (sql) => {
      for (let n = 0; n < 50_000; n++) addSpend(sql, [job(n, { shot: String(n), project: "alpha" })]);
    });
    const put = async (scope: BudgetScope): Promise<[rows: number, capturedMicros: unknown]> => {
      const budget: Budget = { ...WHOLE, id: "late", scope, timeZone: "UTC", thresholds: [] };
      const { read } = await rowsOf(id, (sql) => replaceBudget(sql, budget, NOON));
      const [counter] = await life.sql(id, "SELECT captured_micros FROM budget_counters WHERE budget_id = 'late'");
      return [read, counter?.["captured_micros"]];
    };
    const few = async (scope: BudgetScope, jobs: number, rowsMax: number): Promise<void> => {
      const [read, captured] = await put(scope);
      expect(captured).toBe(jobs * PRICE);
      expect(read).toBeLessThanOrEqual(rowsMax);
    };
    // A hundred quarters of an hour, two keys, one model; and what else there is to a budget.
    await few({ kind: "tenant" }, 50_000, 200 + 20);
    await few({ kind: "key", key: "k1" }, 25_000, 200 + 20);
    await few(tag("project", "alpha"), 50_000, 100 + 20);
    await few(tag("shot", "777"), 1, 1 + 20);
    await few(tag("shot", "none"), 0, 20);
  });
});
