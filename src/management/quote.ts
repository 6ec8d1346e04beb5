import type { ModelEntry } from "../catalog/types.ts";
import { jobCostMicros } from "../money/index.ts";
import type { AdmissibleRates } from "../settings/index.ts";

/** What a job would be held at, if it were submitted now. Money: micro-dollars; times: epoch ms. */
export interface Quote {
  model: string;
  seconds: number;
  unit: "second" | "run";
  unitMicros: number;
  /** What WaveSpeed charges, and what the tenant pays. */
  costMicros: number;
  priceMicros: number;
  rateVersion: number;
  /** When the next price begins; null: none is announced. */
  validUntil: number | null;
  nextPriceMicros: number | null;
}

/** Prices a job of `seconds` by the rate in force, and by the next one, as admission does. */
export function makeQuote(model: Pick<ModelEntry, "id">, seconds: number, rates: AdmissibleRates): Quote {
  const { current, next } = rates;
  const costMicros = jobCostMicros(current, seconds);
  return {
    model: model.id,
    seconds,
    unit: current.unit,
    unitMicros: current.unitMicros,
    costMicros,
    priceMicros: costMicros,
    rateVersion: current.version,
    validUntil: next?.effectiveFrom ?? null,
    nextPriceMicros: next ? jobCostMicros(next, seconds) : null,
  };
}
