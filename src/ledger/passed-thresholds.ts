import type { BudgetState } from "./types.ts";

/** Used is captured plus held, here as everywhere. Percents of the limit that it has come to. */
export function passedThresholds(
  budget: Pick<BudgetState, "limitMicros" | "capturedMicros" | "heldMicros" | "thresholds">,
): number[] {
  const used = BigInt(budget.capturedMicros) + BigInt(budget.heldMicros);
  const limit = BigInt(budget.limitMicros);
  if (used === 0n) return [];
  return budget.thresholds.filter((percent) => used * 100n >= limit * BigInt(percent));
}
