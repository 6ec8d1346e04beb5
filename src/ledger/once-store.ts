import { IDEMPOTENCY_CONFLICT, type Refusal } from "../errors/catalogue.ts";
import { err, type Result } from "../errors/result.ts";
import type { Once } from "./changes.ts";

/** How long a repeated Idempotency-Key of a management call finds its first answer. */
export const ONCE_MS = 48 * 3_600_000;

/**
 * Does a change once per Idempotency-Key. Effect and answer are kept in the caller's transaction, so
 * there is no moment at which one is there without the other. Refusals are not kept: they changed nothing.
 */
export function doOnce<T>(
  sql: SqlStorage,
  once: Once | null,
  now: number,
  work: () => Result<T, Refusal>,
): Result<T, Refusal> & { replayed: boolean } {
  const earlier = once === null ? null : find(sql, once, now);
  if (once && earlier) {
    if (earlier.bodyHash !== once.bodyHash) return { ...err(IDEMPOTENCY_CONFLICT), replayed: false };
    return { ok: true, value: JSON.parse(earlier.reply) as T, replayed: true };
  }
  const result = work();
  if (once && result.ok) keep(sql, once, JSON.stringify(result.value), now);
  return { ...result, replayed: false };
}

function find(sql: SqlStorage, { scope }: Once, now: number): { bodyHash: string; reply: string } | null {
  const row = sql.exec("SELECT * FROM once WHERE scope = ?", scope).toArray()[0];
  if (!row || Number(row["created_at"]) + ONCE_MS <= now) return null;
  return { bodyHash: String(row["body_hash"]), reply: String(row["reply"]) };
}

function keep(sql: SqlStorage, { scope, bodyHash }: Once, reply: string, now: number): void {
  sql.exec(
    "INSERT OR REPLACE INTO once (scope, body_hash, reply, created_at) VALUES (?, ?, ?, ?)",
    scope,
    bodyHash,
    reply,
    now,
  );
}

/** Rows past their time, at most `limit` a call, the oldest first. */
export function sweepOnce(sql: SqlStorage, now: number, limit: number): void {
  sql.exec(
    "DELETE FROM once WHERE scope IN (SELECT scope FROM once WHERE created_at <= ? ORDER BY created_at LIMIT ?)",
    now - ONCE_MS,
    limit,
  );
}

/** When the oldest row's time is over, or null. */
export function nextOnceSweep(sql: SqlStorage): number | null {
  const at = sql.exec("SELECT MIN(created_at) AS at FROM once").one()["at"];
  return typeof at === "number" ? at + ONCE_MS : null;
}
