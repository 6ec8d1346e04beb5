import type { CostSpec } from "../catalog/types.ts";
import { assertMicros } from "./micros.ts";
import { jobCostMicros } from "./pricing.ts";

/** What a price is made from: a mark-up on the job's cost, or a price of its own for each unit. */
export type PriceBasis = { markupBps: number } | { unitMicros: number };

/** One version of what a tenant pays. `models` says otherwise for the models it names. */
export interface TenantPricing {
  version: number;
  /** Basis points of cost, from MARKUP_BPS_MIN to MARKUP_BPS_MAX: 1500 is 15% on top, -1000 is 10% off. */
  markupBps: number;
  models: Record<string, PriceBasis>;
}

/** A discount leaves at least one basis point: nothing is given away by a number in a table. */
export const MARKUP_BPS_MIN = -9_999;
export const MARKUP_BPS_MAX = 1_000_000;

const WHOLE_BPS = 10_000n;

/**
 * What a tenant pays for one job, in integer micro-dollars, and the basis that made it. A mark-up
 * is taken of the whole job's cost and rounded half up, once. A unit price replaces the cost and
 * counts as the rate does, per second or per run.
 *
 * Exact, or it throws RangeError, as `jobCostMicros` does: on a price below one micro-dollar, on
 * one beyond MICROS_MAX, and on a mark-up outside its bounds. Such a job is unpriced, never free.
 */
export function tenantPriceMicros(
  cost: Pick<CostSpec, "unit" | "unitMicros">,
  model: string,
  seconds: number,
  pricing: TenantPricing,
): { priceMicros: number; basis: PriceBasis } {
  const own = Object.hasOwn(pricing.models, model) ? pricing.models[model] : undefined;
  const basis = own ?? { markupBps: pricing.markupBps };
  if ("unitMicros" in basis) {
    const { unitMicros } = basis;
    return { priceMicros: jobCostMicros({ unit: cost.unit, unitMicros }, seconds), basis: { unitMicros } };
  }
  const { markupBps } = basis;
  return { priceMicros: markUp(jobCostMicros(cost, seconds), markupBps), basis: { markupBps } };
}

function markUp(costMicros: number, markupBps: number): number {
  if (!Number.isSafeInteger(markupBps) || markupBps < MARKUP_BPS_MIN || markupBps > MARKUP_BPS_MAX) {
    throw new RangeError(`not a mark-up in basis points: ${markupBps}`);
  }
  const scaled = BigInt(costMicros) * (WHOLE_BPS + BigInt(markupBps));
  const priceMicros = Number((scaled + WHOLE_BPS / 2n) / WHOLE_BPS);
  assertMicros(priceMicros);
  if (priceMicros < 1) throw new RangeError(`not a price: ${costMicros} at ${markupBps} basis points`);
  return priceMicros;
}
