import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { countStatements } from "../../../bench/ledger/count-statements.ts";
import { findBudget } from "../../../src/ledger/budget-store.ts";
import { countUp } from "../../../src/ledger/count-up.ts";
import { COUNTED_TOGETHER } from "../../../src/ledger/counting.ts";
import { nothingKept, readState, type LedgerMemory } from "../../../src/ledger/ledger-state.ts";
import { replaceBudget } from "../../../src/ledger/replace-budget.ts";
import { settle } from "../../../src/ledger/settle.ts";
import type { TenantLedger } from "../../../src/ledger/tenant-ledger.ts";
import { auditOf } from "../../support/audit-of.ts";
import { hold, sums, tables } from "./counted-tables.ts";
import * as life from "./long-life.ts";
import { newKey, newTenant, NOON, PRICE, request, stubOf, T2V, WHOLE } from "./tenant.ts";

const ROLLED_BACK = new Error("rolled back");

/** Held of a budget's window, as an admission sees it now. */
function heldBy(sql: SqlStorage, memory: LedgerMemory, budget: string): number | undefined {
  const state = readState(sql, memory);
  return state?.counters.states(
    state,
    [findBudget(sql, budget)].flatMap((b) => b ?? []),
    state.now,
  )[0]?.heldMicros;
}

afterEach(() => void vi.useRealTimers());

describe("entries are counted later, and budgets bind at once", () => {
  test("neither a hold nor its end touches a counter; the next job is judged as if they had", async () => {
    const tenant = await newTenant(2 * PRICE);
    const [first] = [await hold(tenant), await hold(tenant)];
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    await life.settle(tenant.ledger, first, "release");
    expect(await hold(tenant)).not.toBe("");
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await tables(tenant.id)).toMatchObject({ counted: 0, head: 4, counters: [{ held_micros: 0 }] });
    expect(sums((await tenant.ledger.budgets())[0])).toEqual([0, 2 * PRICE, 2]);
    expect(await tables(tenant.id)).toMatchObject({ counted: 4, head: 4, counters: [{ held_micros: 2 * PRICE }] });
  });

  test("also in a new instance, which reads them from the journal", async () => {
    const tenant = await newTenant(3 * PRICE);
    await life.capture(tenant.ledger, await hold(tenant));
    await hold(tenant);
    await evictDurableObject(stubOf(tenant.id));
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ ok: true });
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await tables(tenant.id)).toMatchObject({ counted: 0, head: 4 });
    await evictDurableObject(stubOf(tenant.id));
    expect(sums((await tenant.ledger.budgets())[0])).toEqual([PRICE, 2 * PRICE, 2]);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  });

  test("many are counted together, by a hold or by an end", async () => {
    const tenant = await newTenant(1_000 * PRICE);
    const jobs = await life.held(tenant, COUNTED_TOGETHER - 1);
    expect((await tables(tenant.id)).counted).toBe(0);
    jobs.push(await hold(tenant));
    const { counters, ...rest } = await tables(tenant.id);
    expect(rest).toEqual({ counted: COUNTED_TOGETHER, head: COUNTED_TOGETHER, spend: null });
    expect(counters).toMatchObject([{ held_micros: COUNTED_TOGETHER * PRICE, held_jobs: COUNTED_TOGETHER }]);
    for (const jobId of jobs) await life.capture(tenant.ledger, jobId);
    const spend = COUNTED_TOGETHER * PRICE;
    expect(await tables(tenant.id)).toMatchObject({
      counted: 2 * COUNTED_TOGETHER,
      spend,
      counters: [{ captured_micros: spend, held_micros: 0, held_jobs: 0 }],
    });
  });

  test("a budget that is put between a hold and its end counts both once", async () => {
    const tenant = await newTenant(100 * PRICE);
    const jobs = [await hold(tenant), await hold(tenant)];
    await life.capture(tenant.ledger, jobs[0] ?? "");
    await tenant.ledger.change("put_budget", { ...WHOLE, id: "late", limitMicros: 100 * PRICE });
    await life.capture(tenant.ledger, jobs[1] ?? "");
    await hold(tenant);
    for (const state of await tenant.ledger.budgets()) expect(sums(state)).toEqual([2 * PRICE, PRICE, 1]);
    await tenant.ledger.change("delete_budget", { id: "whole" });
    await tenant.ledger.change("put_budget", { ...WHOLE, limitMicros: 3 * PRICE });
    expect(sums((await tenant.ledger.budgets()).find(({ id }) => id === "whole"))).toEqual([2 * PRICE, PRICE, 1]);
    expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  });

  test("the first hold of a new window may reach a threshold, once", async () => {
    vi.setSystemTime(NOON);
    const tenant = await newTenant(2 * PRICE, { window: "day", thresholds: [50] });
    await hold(tenant);
    vi.setSystemTime(NOON + 86_400_000);
    await hold(tenant);
    await hold(tenant);
    const { entries } = await tenant.ledger.entries(0, 100);
    const told = entries.flatMap(({ body }) => (body.kind === "threshold" ? [body.windowId] : []));
    expect(told).toEqual(["day:2044-01-15:UTC", "day:2044-01-16:UTC"]);
    expect(await tenant.ledger.budgets()).toMatchObject([{ heldMicros: 2 * PRICE, reached: [50] }]);
  });

  test("a sandbox's own budget, made by the job that needs it, counts that job once", async () => {
    const tenant = await newTenant(PRICE);
    const tester = { ...tenant, caller: await newKey(tenant.ledger, "test") };
    await hold(tenant);
    await hold(tester);
    await hold(tester);
    const sandbox = (await tenant.ledger.budgets()).find(({ mode }) => mode === "test");
    expect(sums(sandbox)).toEqual([0, 2 * PRICE, 2]);
  });

  test("what a transaction that was rolled back had counted, or written, is not remembered", async () => {
    const tenant = await newTenant(3 * PRICE);
    const jobId = await hold(tenant);
    await runInDurableObject(stubOf(tenant.id), (_instance, { storage }) => {
      const { sql } = storage;
      const memory = nothingKept(sql);
      const held = (): number | undefined => heldBy(sql, memory, "whole");
      expect(held()).toBe(PRICE);
      const rolledBack = (work: () => void): void => {
        const whole = (): void => {
          work();
          throw ROLLED_BACK;
        };
        expect(() => storage.transactionSync(whole)).toThrow(ROLLED_BACK);
        expect(held()).toBe(PRICE);
      };
      rolledBack(() => {
        settle(sql, memory, { jobId, action: "capture", outcome: "completed", reason: "" });
        expect(held()).toBe(0);
      });
      rolledBack(() => {
        countUp(sql);
        expect(held()).toBe(PRICE);
        settle(sql, memory, { jobId, action: "release", outcome: "failed", reason: "" });
        expect(held()).toBe(0);
      });
      rolledBack(() => {
        replaceBudget(sql, { ...WHOLE, id: "whole", window: "day", limitMicros: PRICE, timeZone: "UTC" }, NOON);
        expect(held()).toBe(0);
      });
    });
    expect(sums((await tenant.ledger.budgets())[0])).toEqual([0, PRICE, 1]);
  });
});

describe("what is not counted is bounded", () => {
  const rewrite = (tenant: string, body: string): Promise<void> =>
    runInDurableObject(
      stubOf(tenant),
      (_instance, { storage }) => void storage.sql.exec(`UPDATE journal SET body = ${body} WHERE seq = 2`),
    );

  test("notes are counted together with the rest, and a refused job reads none of them again", async () => {
    const tenant = await newTenant(150 * PRICE);
    const jobs = await life.held(tenant, 150);
    for (const jobId of jobs) await tenant.ledger.note({ jobId, kind: "unknown_entered", reason: "" });
    const { counted, head } = await tables(tenant.id);
    expect(head - counted).toBeLessThan(COUNTED_TOGETHER);
    await runInDurableObject(stubOf(tenant.id), async (instance, { storage: { sql } }) => {
      const ledger = instance as TenantLedger;
      await ledger.note({ jobId: jobs[0] ?? "", kind: "unknown_left", reason: "" });
      const { rowsRead } = await countStatements(sql, () => ledger.reserve(request(tenant.caller)));
      expect(rowsRead).toBeLessThan(20);
    });
  });

  test("after entries that could not be counted they are counted together as before", async () => {
    const tenant = await newTenant(1_000 * PRICE);
    await life.held(tenant, 2);
    await rewrite(tenant.id, "'x' || body");
    await life.held(tenant, COUNTED_TOGETHER + 20);
    expect((await tables(tenant.id)).counted).toBe(0);
    await rewrite(tenant.id, "substr(body, 2)");
    await tenant.ledger.budgets();
    await life.held(tenant, COUNTED_TOGETHER);
    const after = await tables(tenant.id);
    expect(after.head - after.counted).toBeLessThan(COUNTED_TOGETHER);
  });
});

test("the same end under other budgets, after it was rolled back, is of these", async () => {
  vi.setSystemTime(NOON);
  const tenant = await newTenant(100 * PRICE);
  const part = { ...WHOLE, id: "part", scope: { kind: "model", model: T2V } as const, limitMicros: 9 * PRICE };
  await tenant.ledger.change("put_budget", part);
  const jobId = await hold(tenant);
  await tenant.ledger.budgets();
  await runInDurableObject(stubOf(tenant.id), async (instance, { storage }) => {
    const { sql } = storage;
    const memory = nothingKept(sql);
    expect(heldBy(sql, memory, "part")).toBe(PRICE);
    const end = (): unknown => settle(sql, memory, { jobId, action: "release", outcome: "failed", reason: "" });
    const rolledBack = (): void => {
      end();
      throw ROLLED_BACK;
    };
    expect(() => storage.transactionSync(rolledBack)).toThrow(ROLLED_BACK);
    await (instance as TenantLedger).change("put_budget", { ...part, scope: { kind: "model", model: "other/model" } });
    expect(heldBy(sql, memory, "part")).toBe(0);
    storage.transactionSync(end);
    expect(heldBy(sql, memory, "part")).toBe(0);
  });
});

test("a new instance's first end, with nothing in memory, is counted like any other", async () => {
  const tenant = await newTenant(100 * PRICE);
  const jobs = await life.held(tenant, 3);
  await evictDurableObject(stubOf(tenant.id));
  await runInDurableObject(stubOf(tenant.id), async (instance) => {
    const ledger = instance as TenantLedger;
    await life.capture(ledger, jobs[0] ?? "");
    expect(await ledger.reserve(request(tenant.caller))).toMatchObject({ ok: true });
    expect(sums((await ledger.budgets())[0])).toEqual([PRICE, 3 * PRICE, 3]);
  });
});
