import type { ModelEntry } from "../catalog/types.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import { priceJob } from "../ledger/price-job.ts";
import type { TenantPricing } from "../money/tenant-price.ts";
import { admissibleRates, type Settings } from "../settings/index.ts";

/** WaveSpeed's base price is that of so many seconds. */
export const BASE_SECONDS = 5;

/** What a tenant pays for the base of a model, and per what; null: it has no price. */
export function basePrice(
  model: ModelEntry,
  settings: Settings,
  pricing: TenantPricing,
  now: number,
): { priceMicros: number; unit: "second" | "run" } | null {
  const rates = admissibleRates(settings, model, now);
  const [offered] = rates.ok ? offerRates([rates.value.current], BASE_SECONDS) : [];
  const priced = offered && priceJob({ model: model.id, seconds: BASE_SECONDS }, offered, pricing);
  return offered && priced ? { priceMicros: priced.priceMicros, unit: offered.unit } : null;
}
