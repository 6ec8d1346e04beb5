import type { Refusal } from "../errors/catalogue.ts";
import { err } from "../errors/result.ts";
import { expiryOf, refuseKey, refuseUse } from "./check-key.ts";
import { markUsed } from "./key-store.ts";
import { readState, type LedgerMemory } from "./ledger-state.ts";
import { reserve } from "./reserve.ts";
import type { Admission, ReserveRequest } from "./types.ts";

/**
 * A submit from its key on: the object that admits is the one that revoked, so a key that was taken back
 * admits nothing from then on. Runs inside one transaction of the tenant's ledger.
 */
export function admit(sql: SqlStorage, memory: LedgerMemory, request: ReserveRequest, shard: number): Admission {
  const { caller } = request;
  const state = readState(sql, memory);
  if (!state) return refused({ code: "not_found", message: "this tenant does not exist" });
  const found = memory.definitions.key(caller.keyHash);
  const unknown = refuseKey(found, caller, state.now);
  if (unknown || !found) return refused(unknown ?? { code: "invalid_key", message: "this API key is not known" });
  const keyExpiresAt = expiryOf(found);
  const misused = refuseUse(found.key, caller, "submit");
  if (misused) return { ...refused(misused), keyExpiresAt };
  markUsed(sql, found.key, state.now);
  const { handling } = state.tenant;
  return { ...reserve({ sql, state, key: found.key, request, shard }), keyExpiresAt, handling };
}

const refused = (refusal: Refusal): Admission => ({
  ...err(refusal),
  quotas: [],
  keyExpiresAt: null,
  handling: { queueWeight: 1, keepInputsDays: 0, webhookEndpoints: 0 },
});
