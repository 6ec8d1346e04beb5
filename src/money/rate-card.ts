import type { CostSpec, ModelEntry } from "../catalog/types.ts";

/** One version of what a model costs. `effectiveFrom`: epoch ms, 0 for "always was". */
export interface RateVersion extends CostSpec {
  version: number;
  effectiveFrom: number;
  model: string;
}

/** The catalogue's own price is version 1; versions that operators add start at 2. */
export const CATALOGUE_RATE_VERSION = 1;

/**
 * Every version of a model's price, oldest first: the catalogue's (if it has one), then those of
 * `extraVersions` that are for this model. Empty: the model is unpriced and must be refused.
 * Throws RangeError where two versions have one number, since a job's frozen version must name
 * exactly one price for ever.
 */
export function ratesFor(
  model: Pick<ModelEntry, "id" | "cost">,
  extraVersions: readonly RateVersion[] = [],
): RateVersion[] {
  const own: RateVersion[] =
    model.cost === null ? [] : [{ ...model.cost, model: model.id, version: CATALOGUE_RATE_VERSION, effectiveFrom: 0 }];
  const extra = extraVersions.filter((rate) => rate.model === model.id);
  const rates = [...own, ...extra].sort((a, b) => a.version - b.version);
  rates.forEach((rate, index) => {
    if (rate.version === rates[index - 1]?.version) {
      throw new RangeError(`${model.id} has two prices of version ${rate.version}`);
    }
  });
  return rates;
}
