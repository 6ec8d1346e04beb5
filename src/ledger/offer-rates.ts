import { jobCostMicros, type RateVersion } from "../money/index.ts";
import type { OfferedRate } from "./types.ts";

/** A model's prices in play, as the ledger is handed them: with the whole job's cost by each. */
export const offerRates = (versions: readonly RateVersion[], seconds: number): OfferedRate[] =>
  versions.map((rate) => ({
    version: rate.version,
    effectiveFrom: rate.effectiveFrom,
    unit: rate.unit,
    unitMicros: rate.unitMicros,
    costMicros: jobCostMicros(rate, seconds),
  }));
