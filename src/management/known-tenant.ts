import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { TenantInfo, TenantLedgerApi } from "../ledger/types.ts";
import { findTenant, type RegisteredTenant } from "../settings/index.ts";
import type { Services } from "./services.ts";

/**
 * The registered tenant and its ledger. Ask here before a ledger is called: calling the object of an
 * id that was never provisioned would create it.
 */
export async function knownTenant(
  services: Services,
  id: string,
): Promise<Result<{ tenant: RegisteredTenant; ledger: TenantLedgerApi }, Refusal>> {
  const tenant = await findTenant(services.control, id);
  if (!tenant) return err(unknownTenant(id));
  return ok({ tenant, ledger: services.ledger(id) });
}

export const unknownTenant = (id: string): Refusal => ({ code: "not_found", message: `tenant ${id} does not exist` });

/** The tenant as its ledger has it. A registered tenant's ledger was made before its row. */
export async function tenantInfo(ledger: TenantLedgerApi): Promise<TenantInfo> {
  const info = await ledger.describe();
  if (!info) throw new Error("a registered tenant has no ledger");
  return info;
}
