import type { ApiKey, Budget } from "../ledger/types.ts";

/**
 * The budgets that a job of this key is, or may be, bound by: those of its tenant, team and key, of
 * each model that it may run, and of tags, which a job chooses.
 */
export function bindingBudgets<B extends Budget>(budgets: readonly B[], key: ApiKey): B[] {
  return budgets.filter((budget) => budget.mode === key.mode && binds(budget, key));
}

function binds({ scope }: Budget, key: ApiKey): boolean {
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
