import { afterEach, describe, expect, test, vi } from "vitest";
import { auditOf } from "../../support/audit-of.ts";
import { admitted, newTenant, PRICE, request, WHOLE } from "./tenant.ts";

const MIDNIGHT = Date.parse("2044-01-16T00:00:00Z");
const capture = (jobId: string) => ({ jobId, action: "capture", outcome: "completed", reason: "" }) as const;

afterEach(() => void vi.useRealTimers());

describe("the ledger's clock does not run back", () => {
  test("behind an admission: a day that is spent stays spent", async () => {
    vi.setSystemTime(MIDNIGHT);
    const { ledger, caller } = await newTenant(PRICE, { window: "day" });
    await ledger.reserve(request(caller));
    vi.setSystemTime(MIDNIGHT - 1);
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
  });

  test("behind a budget's count: a budget replaced after midnight does not forget the day before", async () => {
    vi.setSystemTime(MIDNIGHT - 1);
    const { ledger, caller } = await newTenant(PRICE, { window: "day" });
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(capture(job));
    vi.setSystemTime(MIDNIGHT);
    await ledger.change("put_budget", { ...WHOLE, window: "day", limitMicros: PRICE });
    vi.setSystemTime(MIDNIGHT - 1);
    const next = await ledger.reserve(request(caller));
    expect(next).toMatchObject({ ok: true, value: { job: { admittedAt: MIDNIGHT } } });
    expect(await auditOf(ledger)).toMatchObject({ consistent: true });
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: PRICE, windowStart: MIDNIGHT }]);
  });
});

describe("a job belongs to the window that it was admitted in", () => {
  test("whenever it settles: yesterday's job takes nothing from today", async () => {
    vi.setSystemTime(MIDNIGHT - 1);
    const { ledger, caller } = await newTenant(PRICE, { window: "day" });
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    vi.setSystemTime(MIDNIGHT);
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0, heldJobs: 0, windowStart: MIDNIGHT }]);
    await ledger.settle(capture(job));
    expect(await ledger.budgets()).toMatchObject([{ capturedMicros: 0, heldMicros: 0 }]);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("also where midnight is no whole hour of UTC: a budget put later counts from there", async () => {
    const midnight = Date.parse("2044-01-15T18:15:00Z");
    vi.setSystemTime(midnight - 1);
    const { ledger, caller } = await newTenant(9 * PRICE);
    const [before = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(capture(before));
    vi.setSystemTime(midnight);
    const [after = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(capture(after));
    const late = { ...WHOLE, id: "late", window: "day", timeZone: "Asia/Kathmandu", limitMicros: PRICE } as const;
    const state = { capturedMicros: PRICE, windowStart: midnight, windowEnd: midnight + 86_400_000 };
    expect(await ledger.change("put_budget", late)).toMatchObject({ value: state });
    expect(await auditOf(ledger)).toMatchObject({ consistent: true });
  });

  test("several windows bind one scope, each in its own time zone", async () => {
    vi.setSystemTime(MIDNIGHT - 1);
    const { ledger, caller } = await newTenant(2 * PRICE, { window: "month" });
    await ledger.change("put_budget", {
      ...WHOLE,
      id: "daily",
      window: "day",
      timeZone: "Asia/Kathmandu",
      limitMicros: PRICE,
    });
    await ledger.reserve(request(caller));
    vi.setSystemTime(MIDNIGHT);
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { details: { budget: "daily" } } });
    vi.setSystemTime(Date.parse("2044-01-16T18:15:00Z"));
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
  });
});
