import type { CostSpec } from "../catalog/types.ts";
import { assertMicros } from "./micros.ts";

/**
 * What one job costs, in integer micro-dollars: the unit's price times the seconds of video, or
 * once per run. Exact, or it throws RangeError: a wrong amount must never reach a hold. Zero and
 * negative prices throw too, because a job without a price is refused, never free.
 */
export function jobCostMicros(cost: Pick<CostSpec, "unit" | "unitMicros">, seconds: number): number {
  assertMicros(cost.unitMicros);
  if (cost.unitMicros <= 0) throw new RangeError(`not a price: ${cost.unitMicros}`);
  if (cost.unit === "run") return cost.unitMicros;
  if (!Number.isSafeInteger(seconds) || seconds <= 0) {
    throw new RangeError(`not a whole number of seconds: ${seconds}`);
  }
  const total = cost.unitMicros * seconds;
  assertMicros(total);
  return total;
}

/**
 * The rate in force at `now` (epoch ms): of those that have begun (`effectiveFrom <= now`) the one
 * with the highest version. undefined: no rate has begun, so nothing may be admitted. By version
 * and not by date, so that time moving on never brings an older version back.
 */
export function pickRate<Rate extends { version: number; effectiveFrom: number }>(
  rates: readonly Rate[],
  now: number,
): Rate | undefined {
  let latest: Rate | undefined;
  for (const rate of rates) {
    if (rate.effectiveFrom > now) continue;
    if (latest === undefined || rate.version > latest.version) latest = rate;
  }
  return latest;
}
