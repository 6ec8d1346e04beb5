import { deleteBudget, findBudget, insertBudget, updateBudget } from "./budget-store.ts";
import { countUp } from "./count-up.ts";
import { deleteCounters, insertCounter, markReached, stateAt } from "./counter-store.ts";
import { heldIn } from "./hold-store.ts";
import { keepClock } from "./journal-store.ts";
import { passedThresholds } from "./passed-thresholds.ts";
import { scopeKey } from "./scope.ts";
import { spentIn } from "./spend-store.ts";
import type { Budget, BudgetState } from "./types.ts";
import { windowAt } from "./windows.ts";

/**
 * Writes the budget and counts afresh what its current window has already captured and held:
 * counters belong to scope and time, not to the budget's row. Thresholds that this window had
 * reached, and has still reached under the new limit, stay reached.
 */
export function replaceBudget(sql: SqlStorage, budget: Budget, at: number): void {
  countUp(sql);
  const earlier = findBudget(sql, budget.id);
  // What is counted as of now must not be counted as of an earlier time afterwards.
  keepClock(sql, at);
  if (earlier && sameMoney(earlier, budget)) return rewriteBudget(sql, budget, at);
  removeBudget(sql, budget.id);
  insertBudget(sql, budget);
  insertCounter(sql, countedAt(sql, budget, at), windowAt(budget.window, at, budget.timeZone).id);
}

/** A budget as its window at `at` would stand if it were made now: counted afresh from what was captured and is held. */
export function countedAt(sql: SqlStorage, budget: Budget, at: number): BudgetState {
  const window = windowAt(budget.window, at, budget.timeZone);
  const held = heldIn(sql, budget, window);
  return {
    ...budget,
    capturedMicros: spentIn(sql, budget, window),
    heldMicros: held.micros,
    heldJobs: held.jobs,
    windowStart: window.start,
    windowEnd: window.end,
    reached: [],
  };
}

/** Captured and held of what was admitted in the window of `until`, before it. */
export function usedUntil(sql: SqlStorage, budget: Budget, until: number): number {
  const window = { ...windowAt(budget.window, until, budget.timeZone), end: until };
  return spentIn(sql, budget, window) + heldIn(sql, budget, window).micros;
}

/** Another limit or other thresholds: what is counted stays as it is, and nothing is read again. */
function rewriteBudget(sql: SqlStorage, budget: Budget, at: number): void {
  updateBudget(sql, budget);
  const state = stateAt(sql, budget, at);
  const passed = passedThresholds(state);
  const reached = state.reached.filter((percent) => passed.includes(percent));
  if (reached.length < state.reached.length) markReached(sql, budget, reached, at);
}

/** Whether a replaced budget is still about the same money, counted by the same windows. */
const sameMoney = (earlier: Budget, budget: Budget): boolean =>
  earlier.mode === budget.mode &&
  earlier.window === budget.window &&
  earlier.timeZone === budget.timeZone &&
  scopeKey(earlier.scope) === scopeKey(budget.scope);

/** With all that it counted. */
export function removeBudget(sql: SqlStorage, id: string): void {
  countUp(sql);
  deleteCounters(sql, id);
  deleteBudget(sql, id);
}
