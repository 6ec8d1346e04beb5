import type { Refusal } from "../errors/catalogue.ts";
import { formatMicros } from "../money/micros.ts";
import { describeScope } from "./scope.ts";
import type { BudgetState, Credit } from "./types.ts";

/**
 * Whether a job of this price fits every budget that binds it, and the credit, all at once. Null admits; a
 * refusal names the tightest of those that it does not fit, with the numbers that were compared.
 */
export function refuseUncovered(
  priceMicros: number,
  binding: readonly BudgetState[],
  credit: Credit | null,
): Refusal | null {
  if (credit === null && !binding.some((budget) => budget.scope.kind === "tenant")) return NO_BUDGET;
  const full = binding
    .filter((budget) => budget.capturedMicros + budget.heldMicros + priceMicros > budget.limitMicros)
    .toSorted((a, b) => remainingMicros(a) - remainingMicros(b))[0];
  if (full) return overBudget(priceMicros, full);
  const available = credit && availableMicros(credit);
  return credit && available !== null && priceMicros > available ? overCredit(priceMicros, credit) : null;
}

/** What is left, never below zero. */
export const remainingMicros = (b: BudgetState): number => Math.max(0, b.limitMicros - b.capturedMicros - b.heldMicros);

/** What may still be held on the credit, never below zero. */
export const availableMicros = (credit: Credit): number =>
  Math.max(0, credit.balanceMicros - credit.heldMicros + credit.limitMicros);

const NO_BUDGET: Refusal = {
  code: "no_budget",
  message: "this tenant has neither a tenant-level budget nor credit: what was not given cannot be spent",
};

/** How many such jobs what is left would cover, in words and as a number. */
const wouldFit = (remaining: number, priceMicros: number): number => Math.floor(remaining / priceMicros);

const jobs = (count: number): string => (count === 1 ? "1 job" : `${count} jobs`);

function overBudget(priceMicros: number, budget: BudgetState): Refusal {
  const { limitMicros, capturedMicros, heldMicros, heldJobs, window, windowEnd } = budget;
  const remaining = remainingMicros(budget);
  const fit = wouldFit(remaining, priceMicros);
  const ends = windowEnd === null ? "" : `; the window ends ${new Date(windowEnd).toISOString()}`;
  return {
    code: "budget_exceeded",
    message:
      `budget ${budget.id} of ${describeScope(budget.scope)} (${window}) does not cover this job: ` +
      `price ${formatMicros(priceMicros)}, limit ${formatMicros(limitMicros)}, ` +
      `captured ${formatMicros(capturedMicros)}, held ${formatMicros(heldMicros)} by ${jobs(heldJobs)}, ` +
      `remaining ${formatMicros(remaining)}, enough for ${fit} such${ends}`,
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
      would_fit: fit,
      window_end: windowEnd === null ? null : new Date(windowEnd).toISOString(),
    },
  };
}

function overCredit(priceMicros: number, credit: Credit): Refusal {
  const { balanceMicros, heldMicros, heldJobs, limitMicros } = credit;
  const available = availableMicros(credit);
  const fit = wouldFit(available, priceMicros);
  return {
    code: "credit_exhausted",
    message:
      `the tenant's credit does not cover this job: price ${formatMicros(priceMicros)}, ` +
      `balance ${formatMicros(balanceMicros)}, held ${formatMicros(heldMicros)} by ${jobs(heldJobs)}, ` +
      `credit limit ${formatMicros(limitMicros)}, remaining ${formatMicros(available)}, enough for ${fit} such`,
    details: {
      scope: "credit",
      price: formatMicros(priceMicros),
      balance: formatMicros(balanceMicros),
      limit: formatMicros(limitMicros),
      held: formatMicros(heldMicros),
      held_jobs: heldJobs,
      remaining: formatMicros(available),
      would_fit: fit,
    },
  };
}
