import type { Env } from "../config.ts";
import type { TenantLedgerApi } from "./types.ts";
import { idOf } from "../storage/object-id.ts";

/** A tenant's ledger. The object exists only once `provision` was called on it. */
export const ledgerOf = (env: Pick<Env, "TENANT_LEDGER">, tenant: string): TenantLedgerApi =>
  env.TENANT_LEDGER.get(idOf(env.TENANT_LEDGER, tenant)) as unknown as TenantLedgerApi;
