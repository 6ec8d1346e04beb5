import { makeSecret } from "./signatures.ts";
import type { WebhookSecrets } from "./types.ts";

const SECRET_BYTES = 32;

/** Secrets that sign side by side, however often it is rotated. */
const SECRETS_MAX = 3;

/** The newest first, those that still sign. Makes the first. Call inside a transaction. */
export function signingSecrets(sql: SqlStorage, now: number): string[] {
  readSecrets(sql, now);
  return sql
    .exec("SELECT secret FROM secrets WHERE expires_at IS NULL OR expires_at > ? ORDER BY id DESC", now)
    .toArray()
    .map((row) => String(row["secret"]));
}

/** The secret in use; makes the first. */
export function readSecrets(sql: SqlStorage, now: number): WebhookSecrets {
  const [newest] = sql.exec("SELECT secret, created_at FROM secrets WHERE expires_at IS NULL").toArray();
  if (!newest) {
    insertSecret(sql, now);
    return readSecrets(sql, now);
  }
  const until = sql.exec("SELECT MAX(expires_at) AS at FROM secrets WHERE expires_at > ?", now).one()["at"];
  return {
    secret: String(newest["secret"]),
    createdAt: Number(newest["created_at"]),
    previousUntil: typeof until === "number" ? until : null,
  };
}

/** A new secret in its place. Those that have ended go, and the oldest beyond what may sign side by side. */
export function rotateSecret(sql: SqlStorage, overlapMs: number, now: number): WebhookSecrets {
  readSecrets(sql, now);
  sql.exec("UPDATE secrets SET expires_at = ? WHERE expires_at IS NULL", now + overlapMs);
  insertSecret(sql, now);
  sql.exec("DELETE FROM secrets WHERE expires_at <= ?", now);
  sql.exec("DELETE FROM secrets WHERE id NOT IN (SELECT id FROM secrets ORDER BY id DESC LIMIT ?)", SECRETS_MAX);
  return readSecrets(sql, now);
}

function insertSecret(sql: SqlStorage, now: number): void {
  const secret = makeSecret(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  sql.exec("INSERT INTO secrets (secret, created_at) VALUES (?, ?)", secret, now);
}
