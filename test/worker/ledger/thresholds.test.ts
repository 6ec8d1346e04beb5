import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TenantLedgerApi } from "../../../src/ledger/types.ts";
import { admitted, newTenant, NOON, PRICE, request, WHOLE } from "./tenant.ts";

/** The thresholds that were told so far, as [budget, percent]. */
async function told(ledger: TenantLedgerApi): Promise<[string, number][]> {
  const { entries } = await ledger.entries(0, 500);
  return entries.flatMap(({ body }) =>
    body.kind === "threshold" ? [[body.budget, body.percent] as [string, number]] : [],
  );
}
const put = (ledger: TenantLedgerApi, limitMicros: number, more: object = {}) =>
  ledger.change("put_budget", { ...WHOLE, thresholds: [50, 80, 100], limitMicros, ...more });
const release = (jobId: string) => ({ jobId, action: "release", outcome: "failed", reason: "x" }) as const;

beforeEach(() => void vi.setSystemTime(NOON));
afterEach(() => void vi.useRealTimers());

describe("a threshold is told once a window", () => {
  test("when captured plus held come to it, those that one job passes all at once", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, 4 * PRICE);
    await ledger.reserve(request(caller));
    expect(await told(ledger)).toEqual([]);
    await ledger.reserve(request(caller));
    expect(await told(ledger)).toEqual([["whole", 50]]);
    await ledger.reserve(request(caller));
    await ledger.reserve(request(caller));
    expect(await told(ledger)).toEqual([
      ["whole", 50],
      ["whole", 80],
      ["whole", 100],
    ]);
    expect(await ledger.budgets()).toMatchObject([{ reached: [50, 80, 100] }]);
  });

  test("also when a hold is given back and another one comes", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, 2 * PRICE);
    for (let time = 0; time < 3; time++) {
      const [job = ""] = admitted([await ledger.reserve(request(caller))]);
      await ledger.settle(release(job));
    }
    expect(await told(ledger)).toEqual([["whole", 50]]);
  });

  test("and again in the next window", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, PRICE, { window: "day", thresholds: [100] });
    await ledger.reserve(request(caller));
    vi.setSystemTime(NOON + 86_400_000);
    await ledger.reserve(request(caller));
    expect(await told(ledger)).toEqual([
      ["whole", 100],
      ["whole", 100],
    ]);
  });

  test("a refused submit tells nothing", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, PRICE - 1);
    await ledger.reserve(request(caller));
    expect(await told(ledger)).toEqual([]);
  });
});

describe("a changed limit", () => {
  test("raised above what was used, arms again what is no longer reached, and nothing else", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, 2 * PRICE);
    for (let time = 0; time < 2; time++) await ledger.reserve(request(caller));
    expect(await told(ledger)).toHaveLength(3);
    await put(ledger, 4 * PRICE);
    expect(await ledger.budgets()).toMatchObject([{ reached: [50] }]);
    for (let time = 0; time < 2; time++) await ledger.reserve(request(caller));
    expect((await told(ledger)).slice(3)).toEqual([
      ["whole", 80],
      ["whole", 100],
    ]);
  });

  test("lowered to what was used, tells at once; put again as it is, nothing", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, 10 * PRICE);
    await ledger.reserve(request(caller));
    await put(ledger, PRICE);
    await put(ledger, PRICE);
    expect(await told(ledger)).toEqual([
      ["whole", 50],
      ["whole", 80],
      ["whole", 100],
    ]);
  });

  test("about other money is another budget, and begins anew", async () => {
    const { ledger, caller } = await newTenant(null);
    await put(ledger, PRICE, { thresholds: [100] });
    await ledger.reserve(request(caller));
    await put(ledger, PRICE, { thresholds: [100], window: "month" });
    expect(await told(ledger)).toEqual([
      ["whole", 100],
      ["whole", 100],
    ]);
  });
});
