import type { ModelEntry } from "../catalog/index.ts";
import { pickRate, ratesFor, type RateVersion } from "../money/index.ts";
import { modelsOf, type Settings } from "../settings/index.ts";

/** A model that is sold here, and what it costs now. */
export interface PricedModel {
  model: ModelEntry;
  rate: RateVersion;
}

/** Every model that is on and has a price in force. */
export function pricedModels(settings: Settings, now: number): PricedModel[] {
  return modelsOf(settings).flatMap((model) => {
    if (settings.disabledModels.has(model.id)) return [];
    const rate = pickRate(ratesFor(model, settings.rates.get(model.id)), now);
    return rate ? [{ model, rate }] : [];
  });
}
