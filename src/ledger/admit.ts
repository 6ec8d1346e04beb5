import type { Refusal } from "../errors/catalogue.ts";
import { err } from "../errors/result.ts";
import { expiryOf, refuseKey, refuseUse } from "./check-key.ts";
import { ledgerNow } from "./journal-store.ts";
import { findBySecret, markUsed } from "./key-store.ts";
import { reserve } from "./reserve.ts";
import { findTenant } from "./tenant-store.ts";
import type { Admission, ReserveRequest } from "./types.ts";

/**
 * A submit from its key on: the object that admits is the one that revoked, so a key that was taken back
 * admits nothing from then on. Runs inside one transaction of the tenant's ledger.
 */
export function admit(sql: SqlStorage, request: ReserveRequest, shard: number): Admission {
  const { caller } = request;
  const now = ledgerNow(sql);
  const tenant = findTenant(sql);
  const found = findBySecret(sql, caller.keyHash);
  if (!tenant) return refused({ code: "not_found", message: "this tenant does not exist" });
  const unknown = refuseKey(found, caller, now);
  if (unknown || !found) return refused(unknown ?? { code: "invalid_key", message: "this API key is not known" });
  const keyExpiresAt = expiryOf(found);
  const misused = refuseUse(found.key, caller, "submit");
  if (misused) return { ...refused(misused), keyExpiresAt };
  markUsed(sql, found.key, now);
  return { ...reserve({ sql, tenant, key: found.key, request, shard, now }), keyExpiresAt };
}

const refused = (refusal: Refusal): Admission => ({ ...err(refusal), quotas: [], keyExpiresAt: null });
