import type { Context } from "hono";
import { SANDBOX_BUDGET } from "../ledger/sandbox-budget.ts";
import { availableMicros, remainingMicros } from "../ledger/admission.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { succeed } from "./reply.ts";

/** GET /api/v3/balance: what the tenant may still spend by budgets and credit, which is not the operator's balance. */
export async function balance(c: Context<GatewayEnv>): Promise<Response> {
  const { tenant, mode } = c.get("caller");
  const ledger = ledgerOf(c.env, tenant);
  const [budgets, credit] = await Promise.all([ledger.budgets(), mode === "live" ? ledger.credit() : null]);
  const binding = budgets.filter((budget) => budget.mode === mode && budget.scope.kind === "tenant");
  const left = [...binding.map(remainingMicros), ...(credit ? [availableMicros(credit)] : [])];
  const unasked = mode === "test" ? SANDBOX_BUDGET.limitMicros : 0;
  return succeed(c, { balance: (left.length === 0 ? unasked : Math.min(...left)) / MICROS_PER_USD });
}
