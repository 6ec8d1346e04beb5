import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import * as budgets from "./budget-store.ts";
import type { ChangeContext } from "./changes.ts";
import { countUp } from "./count-up.ts";
import { stateAt } from "./counter-store.ts";
import { countedAt, removeBudget, replaceBudget, usedUntil } from "./replace-budget.ts";
import { SANDBOX_BUDGET } from "./sandbox-budget.ts";
import { isWhole, OPERATORS_ALONE, refuseUnknownKey } from "./known-scope.ts";
import { passedThresholds } from "./passed-thresholds.ts";
import { raiseThresholds } from "./thresholds.ts";
import type { Budget, BudgetState } from "./types.ts";

/** Percents of the limit that raise an event where nobody chose others. */
export const THRESHOLDS_DEFAULT: readonly number[] = [50, 80, 100];

/** `timeZone` null: the tenant's. `thresholds` null or absent: the default ones. */
export type BudgetInput = Omit<Budget, "timeZone" | "thresholds"> & {
  timeZone: string | null;
  thresholds?: number[] | null;
};

/** Creates or replaces; counts at once what its current window has captured and held. */
export function putBudget(context: ChangeContext, input: BudgetInput): Result<BudgetState, Refusal> {
  const { sql, tenant, now } = context;
  const checked = checkBudget(context, input);
  if (!checked.ok) return checked;
  const budget = checked.value;
  // A sandbox budget that somebody gave replaces the one that nobody asked for.
  if (isSandboxes(budget) && budget.id !== SANDBOX_BUDGET.id) removeBudget(sql, SANDBOX_BUDGET.id);
  replaceBudget(sql, budget, now);
  raiseThresholds(sql, tenant, stateAt(sql, budget, now), now);
  return ok(stateAt(sql, budget, now));
}

/** How the budget would stand if `putBudget` were called now; refused as that would be. Changes nothing. */
export function previewBudget(context: ChangeContext, input: BudgetInput): Result<BudgetState, Refusal> {
  const checked = checkBudget(context, input);
  if (!checked.ok) return checked;
  countUp(context.sql);
  const state = countedAt(context.sql, checked.value, context.now);
  return ok({ ...state, reached: [...passedThresholds(state)] });
}

/**
 * What the window of `before` had used until then: captured and held of jobs admitted earlier in it, as they stand now. Micro-dollars;
 * exact where `before` is the beginning of a quarter of an hour, since captures are kept by these. Changes nothing.
 */
export function usedBefore(
  context: ChangeContext,
  { before, ...input }: BudgetInput & { before: number },
): Result<number, Refusal> {
  const checked = checkBudget(context, input);
  if (!checked.ok) return checked;
  countUp(context.sql);
  return ok(usedUntil(context.sql, checked.value, before));
}

function checkBudget({ sql, tenant, within }: ChangeContext, input: BudgetInput): Result<Budget, Refusal> {
  const earlier = budgets.findBudget(sql, input.id);
  if (within && isWhole(earlier, input)) return err(OPERATORS_ALONE);
  if (earlier === null && budgets.countBudgets(sql) >= budgets.BUDGETS_MAX) {
    return err({ code: "conflict", message: `a tenant has at most ${budgets.BUDGETS_MAX} budgets` });
  }
  const unknown = refuseUnknownKey(sql, input.scope);
  if (unknown) return err(unknown);
  // The ledger writes that one itself: it would take the place of a budget that is about other money.
  if (input.id === SANDBOX_BUDGET.id && !isSandboxes(input)) return err(SANDBOX_ID_TAKEN);
  return ok({
    ...input,
    timeZone: input.timeZone ?? tenant.timeZone,
    thresholds: [...new Set(input.thresholds ?? THRESHOLDS_DEFAULT)].sort((a, b) => a - b),
  });
}

const isSandboxes = ({ mode, scope }: Pick<Budget, "mode" | "scope">): boolean =>
  mode === "test" && scope.kind === "tenant";

const SANDBOX_ID_TAKEN: Refusal = {
  code: "conflict",
  message: `budget ${SANDBOX_BUDGET.id} is the sandbox's own: it can only be a tenant-level budget of mode test`,
};

export function deleteBudget({ sql, within }: ChangeContext, input: { id: string }): Result<null, Refusal> {
  const found = budgets.findBudget(sql, input.id);
  if (!found) return err({ code: "not_found", message: `budget ${input.id} does not exist` });
  if (within && isWhole(found)) return err(OPERATORS_ALONE);
  removeBudget(sql, input.id);
  return ok(null);
}
