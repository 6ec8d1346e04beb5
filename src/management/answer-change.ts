import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import type { Credit, TenantLedgerApi } from "../ledger/types.ts";
import { toCredit } from "./credit-shape.ts";
import { replayHeaders } from "./idempotency.ts";
import { knownTenant } from "./known-tenant.ts";
import { refuse } from "./problem.ts";
import type { ManagementEnv } from "./services.ts";

/** What a change at a known tenant's ledger answered; `replayed`: an earlier call had done it. */
type Answer<T> = Result<T, Refusal> & { replayed: boolean };

async function atLedger<T>(
  c: Context<ManagementEnv>,
  tenant: string,
  change: (ledger: TenantLedgerApi) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const known = await knownTenant(c.get("services"), tenant);
  return known.ok ? change(known.value.ledger) : { ...known, replayed: false };
}

/** Changes a tenant's credit, and answers how it stands then. */
export async function answerCredit(
  c: Context<ManagementEnv>,
  tenant: string,
  change: (ledger: TenantLedgerApi) => Promise<Answer<Credit>>,
) {
  const changed = await atLedger(c, tenant, change);
  return changed.ok ? c.json(toCredit(changed.value), 200, replayHeaders(changed.replayed)) : refuse(c, changed.error);
}

/** Takes something of a tenant's away: 204. */
export async function answerDeleted(
  c: Context<ManagementEnv>,
  tenant: string,
  change: (ledger: TenantLedgerApi) => Promise<Answer<unknown>>,
) {
  const deleted = await atLedger(c, tenant, change);
  return deleted.ok ? c.body(null, 204, replayHeaders(deleted.replayed)) : refuse(c, deleted.error);
}
