import type { Mode } from "../ledger/journal-entry.ts";
import type { ApiKey, BudgetScope } from "../ledger/types.ts";

/**
 * Of budgets, or of limits, those that a job of this key is bound by, or may be: those of its tenant,
 * team and key, of each model that it may run, and of tags, which a job chooses.
 */
export const bindKey = <Row extends { mode: Mode; scope: BudgetScope }>(rows: readonly Row[], key: ApiKey): Row[] =>
  rows.filter(({ mode, scope }) => mode === key.mode && binds(scope, key));

function binds(scope: BudgetScope, key: ApiKey): boolean {
  switch (scope.kind) {
    case "tenant":
    case "tag":
      return true;
    case "team":
      return scope.team === key.team;
    case "key":
      return scope.key === key.id;
    case "model":
      return key.models === null || key.models.includes(scope.model);
  }
}
