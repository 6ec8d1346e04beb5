import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { knownTenant } from "./known-tenant.ts";
import { decodeCursor, pageById } from "./page.ts";
import { invalidFields } from "./problem.ts";
import type { Services } from "./services.ts";

/** A page, by id, of a list that a tenant's ledger gives as a whole. */
export async function tenantPage<Row extends { id: string }>(
  services: Services,
  tenant: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  read: (ledger: TenantLedgerApi) => Promise<Row[]>,
): Promise<Result<{ rows: Row[]; next: string | null }, Refusal>> {
  const after = decodeCursor(cursor);
  if (!after.ok) return err(invalidFields([after.error]));
  const known = await knownTenant(services, tenant);
  return known.ok ? ok(pageById(await read(known.value.ledger), after.value, limit)) : known;
}
