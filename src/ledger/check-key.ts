import type { Refusal } from "../errors/catalogue.ts";
import { isAllowed } from "../keys/ip-allow-list.ts";
import type { ApiKey, Caller, KeyScope } from "./types.ts";

/** A key as its secret found it. `secretExpiresAt` null: the secret has no end of its own. */
export interface FoundKey {
  key: ApiKey;
  secretExpiresAt: number | null;
}

/** Why a key that the edge found genuine does not open anything (401), or null. */
export function refuseKey(found: FoundKey | null, caller: Caller, now: number): Refusal | null {
  // The secret's hash found the key, so it is known; the key's own id and mode must be the ones it bears.
  if (!found || found.key.id !== caller.keyId || found.key.mode !== caller.mode) {
    return { code: "invalid_key", message: "this API key is not known" };
  }
  const { key, secretExpiresAt } = found;
  if (key.revokedAt !== null) return { code: "key_revoked", message: "this API key was revoked" };
  if (key.disabledAt !== null) return { code: "key_disabled", message: "this API key is disabled" };
  if (secretExpiresAt !== null && secretExpiresAt <= now) {
    const message = `this API key was rotated; its old secret ended at ${iso(secretExpiresAt)}`;
    return { code: "key_expired", message };
  }
  if (key.expiresAt !== null && key.expiresAt <= now) {
    return { code: "key_expired", message: `this API key expired at ${iso(key.expiresAt)}` };
  }
  return null;
}

/** Why a good key may not do this from here (403), or null. `need` null: any key may. */
export function refuseUse(key: ApiKey, caller: Pick<Caller, "ip">, need: KeyScope | null): Refusal | null {
  if (key.ips !== null && (caller.ip === null || !isAllowed(caller.ip, key.ips))) {
    const message = `this API key may not be used from ${caller.ip ?? "an unknown address"}`;
    return { code: "address_not_allowed", message };
  }
  if (need !== null && !key.scopes.includes(need)) {
    const details = { scope: need, scopes: key.scopes };
    return { code: "scope_missing", message: `this API key lacks the scope ${need}`, details };
  }
  return null;
}

/** When what the caller sent stops working: its secret or its key, whichever is first; null: never. */
export function expiryOf({ key, secretExpiresAt }: FoundKey): number | null {
  const times = [secretExpiresAt, key.expiresAt].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

const iso = (at: number): string => new Date(at).toISOString();
