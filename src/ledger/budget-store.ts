import type { Mode } from "./journal-entry.ts";
import { scopeKey } from "./scope.ts";
import type { Budget, BudgetScope, WindowKind } from "./types.ts";

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

/** The budgets of these scopes. */
export function budgetsOf(sql: SqlStorage, mode: Mode, scopes: readonly string[]): Budget[] {
  const marks = scopes.map(() => "?").join(", ");
  return sql
    .exec<Row>(`SELECT * FROM budgets WHERE mode = ? AND scope_key IN (${marks}) ORDER BY id`, mode, ...scopes)
    .toArray()
    .map(toBudget);
}

export const allBudgets = (sql: SqlStorage): Budget[] =>
  sql.exec<Row>("SELECT * FROM budgets ORDER BY id LIMIT ?", BUDGETS_MAX).toArray().map(toBudget);

export const countBudgets = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT COUNT(*) AS n FROM budgets").one()["n"]);

export function findBudget(sql: SqlStorage, id: string): Budget | null {
  const row = sql.exec<Row>("SELECT * FROM budgets WHERE id = ?", id).toArray()[0];
  return row ? toBudget(row) : null;
}

export function insertBudget(sql: SqlStorage, budget: Budget): void {
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

/** Another limit or other thresholds. */
export function updateBudget(sql: SqlStorage, { id, limitMicros, thresholds }: Budget): void {
  sql.exec(
    "UPDATE budgets SET limit_micros = ?, thresholds = ? WHERE id = ?",
    limitMicros,
    JSON.stringify(thresholds),
    id,
  );
}

export const deleteBudget = (sql: SqlStorage, id: string): void => {
  sql.exec("DELETE FROM budgets WHERE id = ?", id);
};

const toBudget = (row: Row): Budget => ({
  id: row.id,
  mode: row.mode as Mode,
  scope: JSON.parse(row.scope) as BudgetScope,
  window: row.window as WindowKind,
  limitMicros: row.limit_micros,
  timeZone: row.time_zone,
  thresholds: JSON.parse(row.thresholds) as number[],
});
