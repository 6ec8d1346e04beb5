import type { Mode } from "./journal-entry.ts";
import type { ApiKey } from "./types.ts";

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  hash: string;
  prefix: string;
  name: string;
  mode: string;
  team: string | null;
  models: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

export const KEYS_MAX = 1_000;

export function findKey(sql: SqlStorage, id: string): (ApiKey & { hash: string }) | null {
  const row = sql.exec<Row>("SELECT * FROM keys WHERE id = ?", id).toArray()[0];
  return row ? { ...toKey(row), hash: row.hash } : null;
}

export const countKeys = (sql: SqlStorage): number => Number(sql.exec("SELECT COUNT(*) AS n FROM keys").one()["n"]);

export const listKeys = (sql: SqlStorage): ApiKey[] =>
  sql.exec<Row>("SELECT * FROM keys ORDER BY created_at DESC, id LIMIT ?", KEYS_MAX).toArray().map(toKey);

export function insertKey(sql: SqlStorage, key: ApiKey & { hash: string }): void {
  sql.exec(
    `INSERT INTO keys (id, hash, prefix, name, mode, team, models, created_at, expires_at, revoked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
    key.id,
    key.hash,
    key.prefix,
    key.name,
    key.mode,
    key.team,
    key.models === null ? null : JSON.stringify(key.models),
    key.createdAt,
    key.expiresAt,
  );
}

export function markRevoked(sql: SqlStorage, id: string, at: number): void {
  sql.exec("UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", at, id);
}

const toKey = (row: Row): ApiKey => ({
  id: row.id,
  name: row.name,
  mode: row.mode as Mode,
  team: row.team,
  models: row.models === null ? null : (JSON.parse(row.models) as string[]),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  prefix: row.prefix,
});
