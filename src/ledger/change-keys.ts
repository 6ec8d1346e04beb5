import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { ChangeContext } from "./changes.ts";
import * as keys from "./key-store.ts";
import type { ApiKey, KeySecret } from "./types.ts";

/** A secret as it was issued: `hash` is HMAC-SHA256 (hex) of the whole key under the gateway's secret. */
export interface IssuedSecret {
  hash: string;
  prefix: string;
  secretVersion: number;
}

export type NewKey = Pick<
  ApiKey,
  "id" | "name" | "mode" | "team" | "models" | "scopes" | "ips" | "dedupeWindowSeconds" | "expiresAt"
> & { secret: IssuedSecret };

/** Secrets of one key that may work side by side: rotated often with long overlaps. */
const SECRETS_MAX = 10;

export const OVERLAP_SECONDS_MAX = 30 * 86_400;

export function createKey({ sql, now }: ChangeContext, { secret, ...key }: NewKey): Result<ApiKey, Refusal> {
  if (keys.countKeys(sql) >= keys.KEYS_MAX) {
    return err({ code: "conflict", message: `a tenant has at most ${keys.KEYS_MAX} keys` });
  }
  if (keys.findKey(sql, key.id)) return err({ code: "conflict", message: `key ${key.id} exists already` });
  keys.insertKey(sql, { ...key, createdAt: now, disabledAt: null, revokedAt: null, lastUsedAt: null });
  keys.insertSecret(sql, key.id, secret.hash, issued(secret, now));
  return found(sql, key.id);
}

/** Changes what is given and leaves the rest. `disabled` switches it off and on again. Jobs in flight are not touched. */
export function updateKey(
  { sql, now }: ChangeContext,
  { id, patch }: { id: string; patch: Omit<keys.KeyPatch, "disabledAt"> & { disabled?: boolean } },
): Result<ApiKey, Refusal> {
  const key = changeable(sql, id);
  if (!key.ok) return key;
  const { disabled, ...rest } = patch;
  const disabledAt = disabled === undefined ? key.value.disabledAt : disabled ? (key.value.disabledAt ?? now) : null;
  keys.rewriteKey(sql, { ...key.value, ...rest, disabledAt });
  return found(sql, id);
}

/** Gives the key a new secret; those that work now do so for `overlapSeconds` more at most. */
export function rotateKey(
  { sql, now }: ChangeContext,
  { id, secret, overlapSeconds }: { id: string; secret: IssuedSecret; overlapSeconds: number },
): Result<ApiKey, Refusal> {
  const key = changeable(sql, id);
  if (!key.ok) return key;
  const endsAt = now + overlapSeconds * 1_000;
  // Counted before anything is written: a refused rotation leaves the secret in use as it was.
  const left = key.value.secrets.filter((old) => Math.min(old.expiresAt ?? endsAt, endsAt) > now).length;
  if (left >= SECRETS_MAX) {
    const message = `key ${id} has ${left} secrets that still work: let one end before it is rotated again`;
    return err({ code: "conflict", message });
  }
  keys.retireSecrets(sql, id, endsAt, now);
  keys.insertSecret(sql, id, secret.hash, issued(secret, now));
  return found(sql, id);
}

export function revokeKey({ sql, now }: ChangeContext, { id }: { id: string }): Result<ApiKey, Refusal> {
  keys.markRevoked(sql, id, now);
  return found(sql, id);
}

const issued = ({ prefix, secretVersion }: IssuedSecret, now: number): KeySecret => ({
  prefix,
  secretVersion,
  createdAt: now,
  expiresAt: null,
});

function found(sql: SqlStorage, id: string): Result<ApiKey, Refusal> {
  const key = keys.findKey(sql, id);
  return key ? ok(key) : err({ code: "not_found", message: `key ${id} does not exist` });
}

function changeable(sql: SqlStorage, id: string): Result<ApiKey, Refusal> {
  const key = found(sql, id);
  if (!key.ok || key.value.revokedAt === null) return key;
  return err({ code: "conflict", message: `key ${id} was revoked: it cannot be changed any more` });
}
