import type { Refusal } from "../errors/catalogue.ts";
import { formatMicros } from "../money/micros.ts";
import { describeScope } from "./scope.ts";
import type { BudgetState } from "./types.ts";

/**
 * Whether a job of this price fits every budget that binds it, at once. Null admits; a refusal
 * names the first budget that it does not fit, with the numbers that were compared.
 */
export function refuseOverBudget(priceMicros: number, binding: readonly BudgetState[]): Refusal | null {
  if (!binding.some((budget) => budget.scope.kind === "tenant")) return NO_BUDGET;
  const full = binding.find((b) => b.capturedMicros + b.heldMicros + priceMicros > b.limitMicros);
  return full ? overBudget(priceMicros, full) : null;
}

/** What is left, never below zero. */
export const remainingMicros = (b: BudgetState): number => Math.max(0, b.limitMicros - b.capturedMicros - b.heldMicros);

const NO_BUDGET: Refusal = {
  code: "no_budget",
  message: "this tenant has neither a tenant-level budget nor credit: what was not given cannot be spent",
};

function overBudget(priceMicros: number, budget: BudgetState): Refusal {
  const { limitMicros, capturedMicros, heldMicros, heldJobs, window, windowEnd } = budget;
  const remaining = remainingMicros(budget);
  const ends = windowEnd === null ? "" : `; the window ends ${new Date(windowEnd).toISOString()}`;
  return {
    code: "budget_exceeded",
    message:
      `budget ${budget.id} of ${describeScope(budget.scope)} (${window}) does not cover this job: ` +
      `price ${formatMicros(priceMicros)}, limit ${formatMicros(limitMicros)}, ` +
      `captured ${formatMicros(capturedMicros)}, held ${formatMicros(heldMicros)} by ${heldJobs} jobs, ` +
      `remaining ${formatMicros(remaining)}${ends}`,
    details: {
      budget: budget.id,
      scope: describeScope(budget.scope),
      window,
      price: formatMicros(priceMicros),
      limit: formatMicros(limitMicros),
      captured: formatMicros(capturedMicros),
      held: formatMicros(heldMicros),
      held_jobs: heldJobs,
      remaining: formatMicros(remaining),
      would_fit: Math.floor(remaining / priceMicros),
      window_end: windowEnd === null ? null : new Date(windowEnd).toISOString(),
    },
  };
}
