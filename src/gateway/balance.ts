import type { Context } from "hono";
import { availableMicros, remainingMicros } from "../ledger/admission.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { SANDBOX_BUDGET } from "../ledger/sandbox-budget.ts";
import type { ApiKey, BudgetScope, BudgetState, Credit } from "../ledger/types.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { succeed } from "./reply.ts";

/** GET /api/v3/balance: what this key may still spend, which is not the operator's balance. */
export async function balance(c: Context<GatewayEnv>): Promise<Response> {
  const { tenant } = c.get("caller");
  const key = c.get("key");
  const ledger = ledgerOf(c.env, tenant);
  const [budgets, credit] = await Promise.all([ledger.budgets(), key.mode === "live" ? ledger.credit() : null]);
  return succeed(c, { balance: leftFor(key, budgets, credit) / MICROS_PER_USD });
}

/**
 * The least that is left of the budgets of the key, its team and its tenant, and of the credit. Those of tags bind
 * some of its jobs only, and those of models too, unless it may run one only. A tenant without budget or credit of its own has nothing; in the sandbox, the daily allowance.
 */
function leftFor(key: ApiKey, budgets: readonly BudgetState[], credit: Credit | null): number {
  const binding = budgets.filter(({ mode, scope }) => mode === key.mode && binds(scope, key));
  const isGiven = credit !== null || binding.some(({ scope }) => scope.kind === "tenant");
  const left = [...binding.map(remainingMicros), ...(credit ? [availableMicros(credit)] : [])];
  if (!isGiven) left.push(key.mode === "test" ? SANDBOX_BUDGET.limitMicros : 0);
  return Math.min(...left);
}

function binds(scope: BudgetScope, key: ApiKey): boolean {
  switch (scope.kind) {
    case "tenant":
      return true;
    case "team":
      return scope.team === key.team;
    case "key":
      return scope.key === key.id;
    case "model":
      return key.models?.length === 1 && key.models[0] === scope.model;
    case "tag":
      return false;
  }
}
