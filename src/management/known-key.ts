import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { ApiKey, TenantLedgerApi } from "../ledger/types.ts";
import { knownTenant } from "./known-tenant.ts";
import type { Services } from "./services.ts";

/** A key and the ledger that has it. A ledger lists all of its keys, so one that is not there does not exist. */
export async function knownKey(
  services: Services,
  { tenant, key_id }: { tenant: string; key_id: string },
): Promise<Result<{ key: ApiKey; ledger: TenantLedgerApi }, Refusal>> {
  const known = await knownTenant(services, tenant);
  if (!known.ok) return known;
  const { ledger } = known.value;
  const key = (await ledger.listKeys()).find(({ id }) => id === key_id);
  return key ? ok({ key, ledger }) : err(unknownKey(key_id));
}

export const unknownKey = (id: string): Refusal => ({ code: "not_found", message: `key ${id} does not exist` });
