import { allBudgets } from "./budget-store.ts";
import type { CounterChange } from "./counter-changes.ts";
import type { Budget, BudgetState } from "./types.ts";
import { windowAt, type Window } from "./windows.ts";

export interface CounterRow extends Record<string, SqlStorageValue> {
  budget_id: string;
  captured_micros: number;
  held_micros: number;
  held_jobs: number;
  reached: string;
}

const COUNTER_COLUMNS = "budget_id, captured_micros, held_micros, held_jobs, reached";

/** The rows of these budgets' windows, by budget: [budget, window], one window of each. */
export function readCounters(
  sql: SqlStorage,
  counters: readonly (readonly [budget: string, window: string])[],
): Map<string, CounterRow> {
  // One parameter for all: a statement takes 100 at most, and a scope may have more budgets.
  const rows = sql.exec<CounterRow>(
    `SELECT ${COUNTER_COLUMNS} FROM budget_counters
     WHERE (budget_id, window_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    JSON.stringify(counters),
  );
  return new Map([...rows].map((row) => [row.budget_id, row]));
}

/** Every budget as it stands at an instant. */
export const allStates = (sql: SqlStorage, now: number): BudgetState[] =>
  allBudgets(sql).map((budget) => stateAt(sql, budget, now));

export function stateAt(sql: SqlStorage, budget: Budget, at: number): BudgetState {
  const window = windowAt(budget.window, at, budget.timeZone);
  return toState(budget, window, counterOf(sql, budget.id, window.id));
}

/** A budget's state from its counter's row, and from what entries change of that which are not counted up yet. */
export function toState(
  budget: Budget,
  window: Window,
  row: CounterRow | undefined,
  uncounted?: Readonly<CounterChange>,
): BudgetState {
  // Ends alone make no counter: the window was over before the budget was made.
  const change = row || uncounted?.opens ? uncounted : undefined;
  return {
    ...budget,
    capturedMicros: (row?.captured_micros ?? 0) + (change?.capturedMicros ?? 0),
    heldMicros: (row?.held_micros ?? 0) + (change?.heldMicros ?? 0),
    heldJobs: (row?.held_jobs ?? 0) + (change?.heldJobs ?? 0),
    windowStart: window.start,
    windowEnd: window.end,
    reached: row ? (JSON.parse(row.reached) as number[]) : [],
  };
}

/** The counter of one window, as it is stored. */
export const counterOf = (sql: SqlStorage, budgetId: string, windowId: string): CounterRow | undefined =>
  sql
    .exec<CounterRow>(
      `SELECT ${COUNTER_COLUMNS} FROM budget_counters WHERE budget_id = ? AND window_id = ?`,
      budgetId,
      windowId,
    )
    .toArray()[0];

/** Remembers the thresholds that the window at `at` has reached. Answers the window's id. */
export function markReached(sql: SqlStorage, budget: Budget, reached: readonly number[], at: number): string {
  const window = windowAt(budget.window, at, budget.timeZone);
  sql.exec(
    "UPDATE budget_counters SET reached = ? WHERE budget_id = ? AND window_id = ?",
    JSON.stringify(reached),
    budget.id,
    window.id,
  );
  return window.id;
}

/** A new counter of a budget's window, with what it has used already. */
export function insertCounter(sql: SqlStorage, state: BudgetState, windowId: string): void {
  sql.exec(
    "INSERT INTO budget_counters (budget_id, window_id, captured_micros, held_micros, held_jobs) VALUES (?, ?, ?, ?, ?)",
    state.id,
    windowId,
    state.capturedMicros,
    state.heldMicros,
    state.heldJobs,
  );
}

export const deleteCounters = (sql: SqlStorage, budgetId: string): void => {
  sql.exec("DELETE FROM budget_counters WHERE budget_id = ?", budgetId);
};

/** Moves counters by what entries change of them. A window that a budget keeps no counter for (it ended before the budget was made) stays without. */
export function changeCounters(sql: SqlStorage, changes: readonly Readonly<CounterChange>[]): void {
  if (changes.length === 0) return;
  const opened = changes.filter(({ opens }) => opens).map(({ budget, window }) => [budget, window]);
  // "WHERE true": without it SQLite reads ON CONFLICT as a join's ON.
  sql.exec(
    `INSERT INTO budget_counters (budget_id, window_id, captured_micros, held_micros, held_jobs)
     SELECT value ->> 0, value ->> 1, 0, 0, 0 FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    JSON.stringify(opened),
  );
  const moves = changes.map((c) => [c.budget, c.window, c.capturedMicros, c.heldMicros, c.heldJobs]);
  sql.exec(
    `UPDATE budget_counters SET captured_micros = captured_micros + (change.value ->> 2),
       held_micros = held_micros + (change.value ->> 3), held_jobs = held_jobs + (change.value ->> 4)
     FROM json_each(?) AS change WHERE budget_id = change.value ->> 0 AND window_id = change.value ->> 1`,
    JSON.stringify(moves),
  );
}
