import { budgetsOf } from "./budget-store.ts";
import { stateAt } from "./counter-store.ts";
import { bindingLimits, type CountedLimit } from "./limit-store.ts";
import type { LimitMoment } from "./limits.ts";
import type { Submit } from "./reserve.ts";
import { replaceBudget } from "./replace-budget.ts";
import { SANDBOX_BUDGET } from "./sandbox-budget.ts";
import { scopesOf } from "./scope.ts";
import type { Budget, BudgetState, Credit } from "./types.ts";
import { windowAt } from "./windows.ts";

/** Everything that a job must fit into, as it stands. */
export interface Wallets {
  budgets: BudgetState[];
  /** null: the tenant has none, or the job is a sandbox one. */
  credit: Credit | null;
  limits: CountedLimit[];
  moment: LimitMoment;
}

/** Reads all that binds a submit, by the scopes that its key, model and tags put it under. */
export function readWallets({ sql, state, key, request }: Submit): Wallets {
  const { mode } = request.caller;
  const { tenant, now } = state;
  const scopes = scopesOf({ team: key.team, keyId: key.id, model: request.model, tags: request.tags });
  const bound = state.definitions.budgets(mode, scopes);
  const today = windowAt("day", now, tenant.timeZone);
  return {
    budgets:
      mode === "live" || hasTenantBudget(bound)
        ? state.counters.states(state, bound, now)
        : sandboxBudgets(sql, scopes, tenant.timeZone, now),
    credit: mode === "live" ? state.credit : null,
    limits: state.hasLimits ? bindingLimits(sql, mode, scopes) : [],
    moment: { now, day: today.id, dayEnd: today.end ?? now },
  };
}

const hasTenantBudget = (budgets: readonly Budget[]): boolean => budgets.some(({ scope }) => scope.kind === "tenant");

/** A sandbox job gets its daily allowance where no tenant-level test budget was given. Read anew: it was just made, and counted. */
function sandboxBudgets(sql: SqlStorage, scopes: readonly string[], timeZone: string, now: number): BudgetState[] {
  replaceBudget(sql, { ...SANDBOX_BUDGET, timeZone }, now);
  return budgetsOf(sql, "test", scopes).map((budget) => stateAt(sql, budget, now));
}
