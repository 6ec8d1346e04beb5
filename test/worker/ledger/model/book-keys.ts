import type { ErrorCode } from "../../../../src/errors/catalogue.ts";
import type { Caller, KeyScope } from "../../../../src/ledger/types.ts";
import { ADDRESSES, ALLOW_LISTS } from "./step.ts";
import { nowOf, type Book, type KeptKey } from "./book.ts";

/** Secrets of one key that may work side by side. */
const SECRETS_MAX = 10;

export type Access = { key: KeptKey; expiresAt: number | null } | { refusal: ErrorCode };

/** Whose key this is, and until when it works, or why it opens nothing (401). */
export function accessOf(book: Book, caller: Caller): Access {
  const key = book.keys.find((known) => known.secrets.some((secret) => secret.hash === caller.keyHash));
  const secret = key?.secrets.find(({ hash }) => hash === caller.keyHash);
  if (!key || !secret || key.id !== caller.keyId || key.mode !== caller.mode) return { refusal: "invalid_key" };
  if (key.revokedAt !== null) return { refusal: "key_revoked" };
  if (key.disabledAt !== null) return { refusal: "key_disabled" };
  const ends = [secret.expiresAt, key.expiresAt].filter((at) => at !== null);
  if (ends.some((at) => at <= nowOf(book))) return { refusal: "key_expired" };
  return { key, expiresAt: ends.length > 0 ? Math.min(...ends) : null };
}

/** Why a good key may not do this from there (403). */
export function useRefusal(key: KeptKey, ip: string | null, need: KeyScope): ErrorCode | null {
  const allowed = key.ips === null ? ADDRESSES : ALLOW_LISTS.find(({ list }) => list === key.ips)?.lets;
  if (!allowed?.some((address) => address === ip)) return "address_not_allowed";
  return key.scopes.includes(need) ? null : "scope_missing";
}

/**
 * Those that work go on for a while at most, beside the new one; those that ended before are forgotten.
 * False: too many would work side by side.
 */
export function rotate(book: Book, key: KeptKey, hash: string, overlapSeconds: number): boolean {
  const now = nowOf(book);
  const endsAt = now + overlapSeconds * 1_000;
  const rest = key.secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > now)
    .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? endsAt, endsAt) }));
  if (rest.filter((secret) => secret.expiresAt > now).length >= SECRETS_MAX) return false;
  key.secrets = [{ hash, expiresAt: null }, ...rest];
  key.issued.unshift(hash);
  return true;
}
