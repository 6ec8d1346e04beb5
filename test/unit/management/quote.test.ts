import { expect, test } from "vitest";
import { pickRate, type RateVersion } from "../../../src/money/index.ts";
import type { TenantPricing } from "../../../src/money/tenant-price.ts";
import { priceJob } from "../../../src/ledger/price-job.ts";
import type { OfferedRate, TenantInfo } from "../../../src/ledger/types.ts";
import { makeQuote } from "../../../src/management/quote.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-master";

const rate: RateVersion = {
  model: MODEL,
  version: 3,
  unit: "second",
  unitMicros: 260_000,
  effectiveFrom: 0,
  confirmed: true,
  source: "test",
};

/** A tenant whose ledger's clock stands at `now`. */
function tenantOf(pricing: Omit<TenantPricing, "version">, now = 1_000) {
  const info: TenantInfo = {
    tenant: "a".repeat(12),
    name: "Acme",
    timeZone: "UTC",
    createdAt: 0,
    status: "active",
    statusReason: "",
    allowedOrigins: [],
    handling: { queueWeight: 1, keepInputsDays: 0, webhookEndpoints: 0 },
    uploads: { bytesMax: 1, types: null },
    pricing: { version: 7, ...pricing },
  };
  const price = async (job: { model: string; seconds: number; rates: OfferedRate[] }) => {
    const offer = pickRate(job.rates, now);
    return offer ? priceJob(job, offer, info.pricing) : null;
  };
  return { info, ledger: { price } };
}

const quoteOf = async (tenant: ReturnType<typeof tenantOf>, seconds: number, next: RateVersion | null = null) => {
  const inPlay = next ? [rate, next] : [rate];
  const quote = await makeQuote(tenant, { id: MODEL }, seconds, { current: rate, next, inPlay });
  if (!quote.ok) throw new Error(quote.error.code);
  return quote.value;
};

test("a quote is what the ledger says, and names the next price and when it begins", async () => {
  const next = { ...rate, version: 4, unit: "run" as const, unitMicros: 999_999, effectiveFrom: 5_000 };
  const quote = await quoteOf(tenantOf({ markupBps: 0, models: {} }), 10, next);
  expect(quote).toMatchObject({ priceMicros: 2_600_000, costMicros: 2_600_000, rateVersion: 3, pricingVersion: 7 });
  expect(quote).toMatchObject({ nextFrom: 5_000, nextPriceMicros: 999_999, unitPriceMicros: 260_000 });
});

test("the tenant's own pricing makes price, unit price and next price; cost stays", async () => {
  const next = { ...rate, version: 4, unitMicros: 300_000, effectiveFrom: 5_000 };
  const marked = await quoteOf(tenantOf({ markupBps: 1_500, models: {} }), 5, next);
  expect(marked).toMatchObject({ costMicros: 1_300_000, priceMicros: 1_495_000, unitPriceMicros: 299_000 });
  expect(marked.nextPriceMicros).toBe(1_725_000);
  const fixed = await quoteOf(tenantOf({ markupBps: 1_500, models: { [MODEL]: { unitMicros: 100_000 } } }), 5, next);
  expect(fixed).toMatchObject({ costMicros: 1_300_000, priceMicros: 500_000, unitPriceMicros: 100_000 });
  expect(fixed.nextPriceMicros).toBe(500_000);
});

test("where the ledger is already at the next price, nothing is announced", async () => {
  const next = { ...rate, version: 4, unitMicros: 300_000, effectiveFrom: 5_000 };
  const quote = await quoteOf(tenantOf({ markupBps: 0, models: {} }, 5_000), 5, next);
  expect(quote).toMatchObject({ rateVersion: 4, priceMicros: 1_500_000, nextFrom: null, nextPriceMicros: null });
});

test("no price is a refusal: unpriced where it would round to nothing, else the price list is behind", async () => {
  const rates = { current: rate, next: null, inPlay: [rate] };
  const cheap = { current: { ...rate, unitMicros: 1 }, next: null, inPlay: [{ ...rate, unitMicros: 1 }] };
  const free = await makeQuote(tenantOf({ markupBps: -9_999, models: {} }), { id: MODEL }, 5, cheap);
  expect(free).toMatchObject({ ok: false, error: { code: "model_unpriced" } });
  const behind = { ...tenantOf({ markupBps: 0, models: {} }), ledger: { price: async () => null } };
  expect(await makeQuote(behind, { id: MODEL }, 5, rates)).toMatchObject({
    ok: false,
    error: { code: "settings_stale" },
  });
});
