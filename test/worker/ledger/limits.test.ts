import { evictDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Limit, TenantLedgerApi } from "../../../src/ledger/types.ts";
import { admitted, newKey, newTenant, NOON, PRICE, request, stubOf } from "./tenant.ts";

const NONE = { requestsPerMinute: null, burst: null, concurrentJobs: null, submitsPerDay: null };
const limit = (id: string, more: Partial<Limit>): Limit => ({
  id,
  mode: "live",
  scope: { kind: "tenant" },
  ...NONE,
  ...more,
});
const release = (jobId: string) => ({ jobId, action: "release", outcome: "failed", reason: "x" }) as const;
const remaining = (quotas: { policy: string; remaining: number }[]) =>
  Object.fromEntries(quotas.map((quota) => [quota.policy, quota.remaining]));
const put = (ledger: TenantLedgerApi, id: string, more: Partial<Limit>) => ledger.change("put_limit", limit(id, more));

beforeEach(() => void vi.setSystemTime(NOON));
afterEach(() => void vi.useRealTimers());

describe("limits are counted whole", () => {
  const full: [string, Partial<Limit>][] = [
    ["too_many_jobs", { concurrentJobs: 0 }],
    ["daily_limit", { submitsPerDay: 0 }],
  ];
  test.each(full)("a submit refused with %s takes nothing from the limits that had room", async (code, closed) => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await put(ledger, "a", { requestsPerMinute: 60, burst: 2, concurrentJobs: 3, submitsPerDay: 4 });
    await put(ledger, "b", closed);
    const room = { "a.minute": 2, "a.jobs": 3, "a.day": 4 };
    for (let time = 0; time < 3; time++) {
      const refused = await ledger.reserve(request(caller));
      expect(refused).toMatchObject({ error: { code, details: { limit: "b" } } });
      expect(remaining(refused.quotas)).toMatchObject(room);
    }
    await ledger.change("delete_limit", { id: "b" });
    const quotas = (await ledger.reserve(request(caller))).quotas;
    expect(remaining(quotas)).toEqual({ "a.minute": 1, "a.jobs": 2, "a.day": 3 });
    expect(await ledger.budgets()).toMatchObject([{ heldJobs: 1 }]);
  });

  test("neither does one that a budget refuses, nor one that a pause refuses", async () => {
    const { ledger, caller } = await newTenant(PRICE);
    await put(ledger, "a", { requestsPerMinute: 60, burst: 1 });
    const paused = await ledger.reserve(request(caller, { refusal: { code: "paused", message: "for repairs" } }));
    expect(paused).toMatchObject({ error: { code: "paused" } });
    expect(remaining(paused.quotas)).toEqual({ "a.minute": 1 });
    const dear = request(caller, {
      rates: [{ version: 1, effectiveFrom: 0, unit: "run", unitMicros: PRICE + 1, costMicros: PRICE + 1 }],
    });
    expect(await ledger.reserve(dear)).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("a replay is no submit", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await put(ledger, "a", { requestsPerMinute: 1, burst: 1, concurrentJobs: 1, submitsPerDay: 1 });
    const same = request(caller, { idempotencyKey: "once" });
    await ledger.reserve(same);
    expect(await ledger.reserve(same)).toMatchObject({ value: { replayed: true } });
    expect(await ledger.limits()).toMatchObject([{ runningJobs: 1, submitsToday: 1 }]);
  });
});

describe("jobs at once", () => {
  test("of 50 submits as many as the limit says, for the scope that it names", async () => {
    const { ledger } = await newTenant(100 * PRICE);
    const [film, ads] = [await newKey(ledger, "live", { team: "film" }), await newKey(ledger, "live", { team: "ads" })];
    await put(ledger, "a", { scope: { kind: "team", team: "film" }, concurrentJobs: 3 });
    const asked = Array.from({ length: 50 }, () => ledger.reserve(request(film)));
    expect(admitted(await Promise.all(asked))).toHaveLength(3);
    expect(await ledger.reserve(request(ads))).toMatchObject({ ok: true });
  });

  test("are counted the same after an eviction, and by a limit that is put later or again", async () => {
    const { id, ledger, caller } = await newTenant(100 * PRICE);
    const jobs = admitted([await ledger.reserve(request(caller)), await ledger.reserve(request(caller))]);
    for (const id of ["late", "late", "later"]) {
      expect(await put(ledger, id, { concurrentJobs: 2 })).toMatchObject({ value: { runningJobs: 2 } });
    }
    await evictDurableObject(stubOf(id));
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "too_many_jobs" } });
    await ledger.settle(release(jobs[0] ?? ""));
    await ledger.settle(release(jobs[0] ?? ""));
    expect(await ledger.limits()).toMatchObject([{ runningJobs: 1 }, { runningJobs: 1 }]);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    expect(await ledger.reserve(request(caller))).toMatchObject({
      error: { code: "too_many_jobs", retryAfterSeconds: 10 },
    });
  });
});

describe("submits a minute and a day", () => {
  test("the rate refuses until the second that it names, and replacing the limit forgives nothing", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await put(ledger, "a", { requestsPerMinute: 6, burst: 1 });
    await ledger.reserve(request(caller));
    await put(ledger, "a", { requestsPerMinute: 6, burst: 1 });
    expect(await ledger.reserve(request(caller))).toMatchObject({
      error: { code: "rate_limited", retryAfterSeconds: 10 },
    });
    vi.setSystemTime(NOON + 9_999);
    expect(await ledger.reserve(request(caller))).toMatchObject({
      error: { code: "rate_limited", retryAfterSeconds: 1 },
    });
    vi.setSystemTime(NOON + 10_000);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("a day's submits come back at the tenant's midnight, whether their jobs ended or not", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await put(ledger, "a", { submitsPerDay: 1 });
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(release(job));
    const refused = await ledger.reserve(request(caller));
    expect(refused).toMatchObject({ error: { code: "daily_limit", retryAfterSeconds: 43_200 } });
    vi.setSystemTime(NOON + 43_200_000);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });
});
