import type { FoundKey } from "./check-key.ts";
import type { Mode } from "./journal-entry.ts";
import type { ApiKey, KeyScope, KeySecret } from "./types.ts";

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  name: string;
  mode: string;
  team: string | null;
  models: string | null;
  scopes: string;
  ips: string | null;
  dedupe_window_seconds: number;
  created_at: number;
  expires_at: number | null;
  disabled_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

export const KEYS_MAX = 1_000;

/** A use is written down when the last one that was is older than this: not a write per request. */
const LAST_USED_MS = 3_600_000;

export function findKey(sql: SqlStorage, id: string): ApiKey | null {
  const row = sql.exec<Row>("SELECT * FROM keys WHERE id = ?", id).toArray()[0];
  return row ? toKey(row, readSecrets(sql, id)) : null;
}

/** The key that a secret's hash belongs to, without its secrets; null: the secret is nobody's. */
export function findBySecret(sql: SqlStorage, hash: string): FoundKey | null {
  const row = sql
    .exec<Row & { secret_expires_at: number | null }>(
      `SELECT keys.*, secret.expires_at AS secret_expires_at
       FROM key_secrets AS secret JOIN keys ON keys.id = secret.key_id WHERE secret.hash = ?`,
      hash,
    )
    .toArray()[0];
  return row ? { key: toKey(row, []), secretExpiresAt: row.secret_expires_at } : null;
}

/** Revoked keys do not count: who makes and revokes many must not run out. */
export const countKeys = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT COUNT(*) AS n FROM keys WHERE revoked_at IS NULL").one()["n"]);

export function listKeys(sql: SqlStorage): ApiKey[] {
  const secrets = Map.groupBy(secretRows(sql, NEWEST_FIRST), (row) => row.keyId);
  return sql
    .exec<Row>(
      // However many were revoked since, every key that works is among them.
      `SELECT * FROM (SELECT * FROM keys ORDER BY revoked_at IS NOT NULL, created_at DESC, id LIMIT ?)
       ORDER BY created_at DESC, id`,
      KEYS_MAX,
    )
    .toArray()
    .map((row) => toKey(row, secrets.get(row.id) ?? []));
}

export function insertKey(sql: SqlStorage, key: Omit<ApiKey, "secrets">): void {
  sql.exec(
    `INSERT INTO keys (id, name, mode, team, models, scopes, ips, dedupe_window_seconds, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    key.id,
    key.name,
    key.mode,
    key.team,
    key.models && JSON.stringify(key.models),
    JSON.stringify(key.scopes),
    key.ips && JSON.stringify(key.ips),
    key.dedupeWindowSeconds,
    key.createdAt,
    key.expiresAt,
  );
}

/** What may be changed of a key that is there. */
export type KeyPatch = Partial<
  Pick<ApiKey, "name" | "team" | "models" | "scopes" | "ips" | "dedupeWindowSeconds" | "expiresAt" | "disabledAt">
>;

export function rewriteKey(sql: SqlStorage, key: ApiKey): void {
  sql.exec(
    `UPDATE keys SET name = ?, team = ?, models = ?, scopes = ?, ips = ?, dedupe_window_seconds = ?, expires_at = ?,
       disabled_at = ? WHERE id = ?`,
    key.name,
    key.team,
    key.models && JSON.stringify(key.models),
    JSON.stringify(key.scopes),
    key.ips && JSON.stringify(key.ips),
    key.dedupeWindowSeconds,
    key.expiresAt,
    key.disabledAt,
    key.id,
  );
}

export function markRevoked(sql: SqlStorage, id: string, at: number): void {
  sql.exec("UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", at, id);
}

/** Writes down that the key was used, now and then. */
export function markUsed(sql: SqlStorage, key: ApiKey, at: number): void {
  if (key.lastUsedAt !== null && at - key.lastUsedAt < LAST_USED_MS) return;
  sql.exec("UPDATE keys SET last_used_at = ? WHERE id = ?", at, key.id);
}

export function insertSecret(sql: SqlStorage, keyId: string, hash: string, secret: KeySecret): void {
  sql.exec(
    "INSERT INTO key_secrets (hash, key_id, prefix, secret_version, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
    hash,
    keyId,
    secret.prefix,
    secret.secretVersion,
    secret.createdAt,
    secret.expiresAt,
  );
}

/** Ends all that work at `expiresAt` at the latest. The one that ended last is kept, so that its user is told why. */
export function retireSecrets(sql: SqlStorage, keyId: string, expiresAt: number, now: number): void {
  sql.exec("DELETE FROM key_secrets WHERE key_id = ? AND expires_at <= ?", keyId, now);
  sql.exec(
    "UPDATE key_secrets SET expires_at = ?1 WHERE key_id = ?2 AND (expires_at IS NULL OR expires_at > ?1)",
    expiresAt,
    keyId,
  );
}

const NEWEST_FIRST = "ORDER BY expires_at IS NOT NULL, created_at DESC";

const readSecrets = (sql: SqlStorage, keyId: string): KeySecret[] =>
  secretRows(sql, `WHERE key_id = ? ${NEWEST_FIRST}`, keyId);

function secretRows(sql: SqlStorage, which: string, ...values: string[]): (KeySecret & { keyId: string })[] {
  const rows = sql.exec(
    `SELECT key_id, prefix, secret_version, created_at, expires_at FROM key_secrets ${which}`,
    ...values,
  );
  return [...rows].map((row) => ({
    keyId: String(row["key_id"]),
    prefix: String(row["prefix"]),
    secretVersion: Number(row["secret_version"]),
    createdAt: Number(row["created_at"]),
    expiresAt: row["expires_at"] === null ? null : Number(row["expires_at"]),
  }));
}

const toKey = (row: Row, secrets: KeySecret[]): ApiKey => ({
  id: row.id,
  name: row.name,
  mode: row.mode as Mode,
  team: row.team,
  models: row.models === null ? null : (JSON.parse(row.models) as string[]),
  scopes: JSON.parse(row.scopes) as KeyScope[],
  ips: row.ips === null ? null : (JSON.parse(row.ips) as string[]),
  dedupeWindowSeconds: row.dedupe_window_seconds,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  disabledAt: row.disabled_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
  secrets,
});
