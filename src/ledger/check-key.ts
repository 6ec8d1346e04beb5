import { timingSafeEqual } from "node:crypto";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { ApiKey, Caller } from "./types.ts";

/** Whether a key that the edge found genuine is one this tenant issued and has not taken back. */
export function checkKey(
  key: (ApiKey & { hash: string }) | null,
  caller: Caller,
  now: number,
): Result<ApiKey, Refusal> {
  if (!key || !sameHash(key.hash, caller.keyHash) || key.mode !== caller.mode) {
    return err({ code: "invalid_key", message: "this API key is not known" });
  }
  if (key.revokedAt !== null) return err({ code: "key_revoked", message: "this API key was revoked" });
  if (key.expiresAt !== null && key.expiresAt <= now) {
    return err({ code: "key_expired", message: `this API key expired at ${new Date(key.expiresAt).toISOString()}` });
  }
  const { hash: _hash, ...known } = key;
  return ok(known);
}

const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
