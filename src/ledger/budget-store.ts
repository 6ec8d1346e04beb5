import type { Mode } from "./journal-entry.ts";
import { heldIn } from "./hold-store.ts";
import { keepClock } from "./journal-store.ts";
import { scopeKey } from "./scope.ts";
import { spentIn } from "./spend-store.ts";
import type { Budget, BudgetScope, BudgetState, WindowKind } from "./types.ts";
import { passedThresholds } from "./passed-thresholds.ts";
import { windowAt, type Window } from "./windows.ts";

/** Budgets of one tenant. */
export const BUDGETS_MAX = 1_000;

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  mode: string;
  scope: string;
  window: string;
  limit_micros: number;
  time_zone: string;
  thresholds: string;
}

interface CounterRow extends Record<string, SqlStorageValue> {
  budget_id: string;
  captured_micros: number;
  held_micros: number;
  held_jobs: number;
  reached: string;
}

const COUNTER_COLUMNS = "budget_id, captured_micros, held_micros, held_jobs, reached";

/** The budgets of these scopes. */
export function budgetsOf(sql: SqlStorage, mode: Mode, scopes: readonly string[]): Budget[] {
  const marks = scopes.map(() => "?").join(", ");
  return sql
    .exec<Row>(`SELECT * FROM budgets WHERE mode = ? AND scope_key IN (${marks}) ORDER BY id`, mode, ...scopes)
    .toArray()
    .map(toBudget);
}

/** Each of these budgets as its window at `at` stands. */
export function statesAt(sql: SqlStorage, budgets: readonly Budget[], at: number): BudgetState[] {
  const bound = budgets.map((budget) => ({
    budget,
    window: windowAt(budget.window, at, budget.timeZone),
  }));
  if (bound.length === 0) return [];
  // One parameter for all: a statement takes 100 at most, and a scope may have more budgets.
  const rows = sql
    .exec<CounterRow>(
      `SELECT ${COUNTER_COLUMNS} FROM counters
       WHERE (budget_id, window_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
      JSON.stringify(bound.map(({ budget, window }) => [budget.id, window.id])),
    )
    .toArray();
  const counters = new Map(rows.map((row) => [row.budget_id, row]));
  return bound.map(({ budget, window }) => toState(budget, window, counters.get(budget.id)));
}

export const allBudgets = (sql: SqlStorage): Budget[] =>
  sql.exec<Row>("SELECT * FROM budgets ORDER BY id LIMIT ?", BUDGETS_MAX).toArray().map(toBudget);

export const countBudgets = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT COUNT(*) AS n FROM budgets").one()["n"]);

export function findBudget(sql: SqlStorage, id: string): Budget | null {
  const row = sql.exec<Row>("SELECT * FROM budgets WHERE id = ?", id).toArray()[0];
  return row ? toBudget(row) : null;
}

/** Every budget as it stands at an instant. */
export const allStates = (sql: SqlStorage, now: number): BudgetState[] =>
  allBudgets(sql).map((budget) => stateAt(sql, budget, now));

export function stateAt(sql: SqlStorage, budget: Budget, at: number): BudgetState {
  const window = windowAt(budget.window, at, budget.timeZone);
  return toState(budget, window, counterOf(sql, budget.id, window.id));
}

const toState = (budget: Budget, window: Window, row: CounterRow | undefined): BudgetState => ({
  ...budget,
  capturedMicros: row?.captured_micros ?? 0,
  heldMicros: row?.held_micros ?? 0,
  heldJobs: row?.held_jobs ?? 0,
  windowStart: window.start,
  windowEnd: window.end,
  reached: row ? (JSON.parse(row.reached) as number[]) : [],
});

/** The counter of one window, as it is stored. */
export const counterOf = (sql: SqlStorage, budgetId: string, windowId: string): CounterRow | undefined =>
  sql
    .exec<CounterRow>(
      `SELECT ${COUNTER_COLUMNS} FROM counters WHERE budget_id = ? AND window_id = ?`,
      budgetId,
      windowId,
    )
    .toArray()[0];

/**
 * Writes the budget and counts afresh what its current window has already captured and held:
 * counters belong to scope and time, not to the budget's row. Thresholds that this window had
 * reached, and has still reached under the new limit, stay reached.
 */
export function replaceBudget(sql: SqlStorage, budget: Budget, at: number): void {
  const earlier = findBudget(sql, budget.id);
  // What is counted as of now must not be counted as of an earlier time afterwards.
  keepClock(sql, at);
  if (earlier && sameMoney(earlier, budget)) return rewriteBudget(sql, budget, at);
  removeBudget(sql, budget.id);
  insertBudget(sql, budget);
  const counted = countedAt(sql, budget, at);
  sql.exec(
    "INSERT INTO counters (budget_id, window_id, captured_micros, held_micros, held_jobs) VALUES (?, ?, ?, ?, ?)",
    budget.id,
    windowAt(budget.window, at, budget.timeZone).id,
    counted.capturedMicros,
    counted.heldMicros,
    counted.heldJobs,
  );
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
  sql.exec(
    "UPDATE budgets SET limit_micros = ?, thresholds = ? WHERE id = ?",
    budget.limitMicros,
    JSON.stringify(budget.thresholds),
    budget.id,
  );
  const state = stateAt(sql, budget, at);
  const passed = passedThresholds(state);
  const reached = state.reached.filter((percent) => passed.includes(percent));
  if (reached.length < state.reached.length) markReached(sql, budget, reached, at);
}

function insertBudget(sql: SqlStorage, budget: Budget): void {
  sql.exec(
    `INSERT INTO budgets (id, mode, scope_key, scope, window, limit_micros, time_zone, thresholds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    budget.id,
    budget.mode,
    scopeKey(budget.scope),
    JSON.stringify(budget.scope),
    budget.window,
    budget.limitMicros,
    budget.timeZone,
    JSON.stringify(budget.thresholds),
  );
}

/** Whether a replaced budget is still about the same money, counted by the same windows. */
const sameMoney = (earlier: Budget, budget: Budget): boolean =>
  earlier.mode === budget.mode &&
  earlier.window === budget.window &&
  earlier.timeZone === budget.timeZone &&
  scopeKey(earlier.scope) === scopeKey(budget.scope);

/** Remembers the thresholds that the window at `at` has reached. Answers the window's id. */
export function markReached(sql: SqlStorage, budget: Budget, reached: readonly number[], at: number): string {
  const window = windowAt(budget.window, at, budget.timeZone);
  sql.exec(
    "UPDATE counters SET reached = ? WHERE budget_id = ? AND window_id = ?",
    JSON.stringify(reached),
    budget.id,
    window.id,
  );
  return window.id;
}

export function removeBudget(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM counters WHERE budget_id = ?", id);
  sql.exec("DELETE FROM budgets WHERE id = ?", id);
}

/** Counts a new hold against these budgets, in the windows of its admission. */
export function countHeld(sql: SqlStorage, budgets: readonly Budget[], admittedAt: number, priceMicros: number): void {
  if (budgets.length === 0) return;
  // "WHERE true": without it SQLite reads ON CONFLICT as a join's ON.
  sql.exec(
    `INSERT INTO counters (budget_id, window_id, captured_micros, held_micros, held_jobs)
     SELECT value ->> 0, value ->> 1, 0, ?1, 1 FROM json_each(?2) WHERE true
     ON CONFLICT DO UPDATE SET held_micros = held_micros + ?1, held_jobs = held_jobs + 1`,
    priceMicros,
    windowsOf(budgets, admittedAt),
  );
}

/** JSON of the budgets' ids and windows at a time: one parameter, however many there are. */
const windowsOf = (budgets: readonly Budget[], at: number): string =>
  JSON.stringify(budgets.map(({ id, window, timeZone }) => [id, windowAt(window, at, timeZone).id]));

/**
 * Moves a hold that ended out of `held`, and into `captured` if it was charged. A window that a
 * budget keeps no counter for (it ended before the budget was made) has no row, and stays so.
 */
export function countEnded(
  sql: SqlStorage,
  budgets: readonly Budget[],
  admittedAt: number,
  ended: { heldMicros: number; capturedMicros: number },
): void {
  if (budgets.length === 0) return;
  sql.exec(
    `UPDATE counters SET held_micros = held_micros - ?, captured_micros = captured_micros + ?,
       held_jobs = held_jobs - 1
     WHERE (budget_id, window_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    ended.heldMicros,
    ended.capturedMicros,
    windowsOf(budgets, admittedAt),
  );
}

const toBudget = (row: Row): Budget => ({
  id: row.id,
  mode: row.mode as Mode,
  scope: JSON.parse(row.scope) as BudgetScope,
  window: row.window as WindowKind,
  limitMicros: row.limit_micros,
  timeZone: row.time_zone,
  thresholds: JSON.parse(row.thresholds) as number[],
});
