import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { QuoteClaims } from "../../../src/keys/quote-token.ts";
import { newKey, newTenant, NOON, PRICE, rate, request, T2V } from "./tenant.ts";

const quote = (tenant: string, more: Partial<QuoteClaims> = {}): QuoteClaims => ({
  id: "00000000000000aa",
  tenant,
  mode: "live",
  model: T2V,
  seconds: 5,
  priceMicros: PRICE,
  rateVersion: 1,
  pricingVersion: 1,
  expiresAt: NOON + 900_000,
  ...more,
});

beforeEach(() => void vi.setSystemTime(NOON));
afterEach(() => void vi.useRealTimers());

describe("the price is the lower of quote and current price", () => {
  const rows = [
    ["a quote that is lower binds", PRICE - 1, PRICE, PRICE - 1, { quote: "00000000000000aa" }],
    ["a quote that is higher never makes a job dearer", PRICE + 1, PRICE, PRICE, { markupBps: 0 }],
    ["an equal quote changes nothing", PRICE, PRICE, PRICE, { markupBps: 0 }],
    ["a price that rose since is not asked for", PRICE, 9 * PRICE, PRICE, { quote: "00000000000000aa" }],
  ] as const;
  test.each(rows)("%s", async (_name, quoted, cost, priceMicros, basis) => {
    const { id, ledger, caller } = await newTenant(priceMicros);
    const job = request(caller, { rates: [rate(1, 0, cost)], quote: quote(id, { priceMicros: quoted }) });
    expect(await ledger.reserve(job)).toMatchObject({ value: { job: { priceMicros, costMicros: cost, basis } } });
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: priceMicros }]);
  });

  test("it may be used any number of times until it expires", async () => {
    const { id, ledger, caller } = await newTenant(null);
    await ledger.change("top_up", { amountMicros: 3, reason: "x" });
    const cheap = request(caller, { quote: quote(id, { priceMicros: 1 }) });
    const results = await Promise.all(Array.from({ length: 5 }, () => ledger.reserve(cheap)));
    expect(results.map((result) => result.ok)).toEqual([true, true, true, false, false]);
  });
});

describe("a quote that does not bind is refused, never silently replaced by the new price", () => {
  const others: [string, Partial<QuoteClaims>][] = [
    ["tenant", { tenant: "f".repeat(12) }],
    ["mode", { mode: "test" }],
    ["model", { model: "other/model" }],
    ["seconds", { seconds: 10 }],
  ];
  test.each(others)("another %s", async (field, claim) => {
    const { id, ledger, caller } = await newTenant(PRICE);
    const refused = await ledger.reserve(request(caller, { quote: quote(id, claim) }));
    expect(refused).toMatchObject({ error: { code: "quote_mismatch", details: { different: [field] } } });
    // Another tenant's quote is not read aloud.
    expect(refused).toMatchObject({ error: { details: { quoted: field === "tenant" ? {} : claim } } });
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: 0 }]);
  });

  test("to the millisecond of its expiry", async () => {
    const { id, ledger, caller } = await newTenant(10 * PRICE);
    const job = request(caller, { quote: quote(id, { priceMicros: 1 }) });
    vi.setSystemTime(NOON + 899_999);
    expect(await ledger.reserve(job)).toMatchObject({ value: { job: { priceMicros: 1 } } });
    vi.setSystemTime(NOON + 900_000);
    expect(await ledger.reserve(job)).toMatchObject({ error: { code: "quote_expired" } });
  });

  test("a sandbox quote is for sandbox keys", async () => {
    const { id, ledger } = await newTenant(null);
    const caller = await newKey(ledger, "test");
    const job = request(caller, { quote: quote(id, { mode: "test", priceMicros: 1 }) });
    expect(await ledger.reserve(job)).toMatchObject({ value: { job: { priceMicros: 1 } } });
  });

  test("a replay asks nothing of it: the job and its price are made", async () => {
    const { id, ledger, caller } = await newTenant(PRICE);
    const job = request(caller, { idempotencyKey: "once", quote: quote(id, { priceMicros: 1 }) });
    await ledger.reserve(job);
    vi.setSystemTime(NOON + 900_000);
    expect(await ledger.reserve(job)).toMatchObject({ value: { replayed: true, job: { priceMicros: 1 } } });
  });
});
