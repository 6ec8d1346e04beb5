import type { Context } from "hono";
import { SANDBOX_BUDGET } from "../ledger/sandbox-budget.ts";
import { remainingMicros } from "../ledger/admission.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { succeed } from "./reply.ts";

const MICROS_PER_USD = 1_000_000;

/** GET /api/v3/balance: what the tenant may still spend, which is not the operator's balance. */
export async function balance(c: Context<GatewayEnv>): Promise<Response> {
  const { tenant, mode } = c.get("caller");
  const budgets = await ledgerOf(c.env, tenant).budgets();
  const binding = budgets.filter((budget) => budget.mode === mode && budget.scope.kind === "tenant");
  const unasked = mode === "test" ? SANDBOX_BUDGET.limitMicros : 0;
  const remaining = binding.length === 0 ? unasked : Math.min(...binding.map(remainingMicros));
  return succeed(c, { balance: remaining / MICROS_PER_USD });
}
