import type { JobFacts } from "./journal-entry.ts";
import type { ApiKey, ReserveRequest } from "./types.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";

/** How long a repeated Idempotency-Key finds its job. */
export const IDEMPOTENCY_MS = 48 * 3_600_000;

export interface IdempotentJob {
  bodyHash: string;
  /** Kept here and not looked up in the journal: that may have been archived. */
  job: JobFacts;
}

/** What a submit made: its job, and the journal number of the job's hold. */
export interface MadeJob {
  job: JobFacts;
  holdSeq: number;
}

/**
 * Key id and mode are part of the scope; the tenant is the object itself. Hashed: an Idempotency-Key is a
 * text of the client's choice, and some will send what must not be stored.
 */
const scopeOf = ({ caller, idempotencyKey }: ReserveRequest): string =>
  `key:${sha256Hex(JSON.stringify([caller.keyId, caller.mode, idempotencyKey]))}`;

const RECENT = "recent:";

const recentScopeOf = ({ caller, bodyHash }: ReserveRequest): string =>
  RECENT + sha256Hex(JSON.stringify([caller.keyId, caller.mode, bodyHash]));

/** Whether a row was made by a key's dedupe window and not by an Idempotency-Key. */
export const isRecent = (scope: string): boolean => scope.startsWith(RECENT);

export const findIdempotent = (sql: SqlStorage, request: ReserveRequest, now: number): IdempotentJob | null =>
  find(sql, scopeOf(request), now - IDEMPOTENCY_MS) ?? find(sql, unhashedScopeOf(request), now - IDEMPOTENCY_MS);

/** As rows were written before they were hashed; the last of them goes 48 hours after the update. */
const unhashedScopeOf = ({ caller, idempotencyKey }: ReserveRequest): string =>
  `${caller.keyId}|${caller.mode}|${idempotencyKey}`;

/** The job that an equal submit of this key made within its dedupe window. */
export function findRecent(sql: SqlStorage, key: ApiKey, request: ReserveRequest, now: number): IdempotentJob | null {
  if (key.dedupeWindowSeconds === 0) return null;
  return find(sql, recentScopeOf(request), now - key.dedupeWindowSeconds * 1_000);
}

function find(sql: SqlStorage, scope: string, since: number): IdempotentJob | null {
  const row = sql.exec("SELECT * FROM idempotency WHERE scope = ?", scope).toArray()[0];
  if (!row || Number(row["created_at"]) <= since) return null;
  return { bodyHash: String(row["body_hash"]), job: JSON.parse(String(row["facts"])) as JobFacts };
}

/** Returns the row's key, kept on the hold so that a job never sent can free it; null without an Idempotency-Key. */
export const recordIdempotent = (sql: SqlStorage, request: ReserveRequest, made: MadeJob, now: number): string | null =>
  request.idempotencyKey === null ? null : record(sql, scopeOf(request), request, made, now);

/** The same for a key that asked for a dedupe window; null where it did not. */
export const recordRecent = (
  sql: SqlStorage,
  key: ApiKey,
  request: ReserveRequest,
  made: MadeJob,
  now: number,
): string | null =>
  key.dedupeWindowSeconds === 0 || request.idempotencyKey !== null
    ? null
    : record(sql, recentScopeOf(request), request, made, now);

function record(sql: SqlStorage, scope: string, request: ReserveRequest, made: MadeJob, now: number): string {
  sql.exec(
    `INSERT INTO idempotency (scope, body_hash, job_id, hold_seq, created_at, facts) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body_hash = excluded.body_hash, job_id = excluded.job_id,
       hold_seq = excluded.hold_seq, created_at = excluded.created_at, facts = excluded.facts`,
    scope,
    request.bodyHash,
    made.job.jobId,
    made.holdSeq,
    now,
    JSON.stringify(made.job),
  );
  return scope;
}

export function freeIdempotent(sql: SqlStorage, scope: string, jobId: string): void {
  sql.exec("DELETE FROM idempotency WHERE scope = ? AND job_id = ?", scope, jobId);
}

/** Rows past their time, at most `limit` a call, the oldest first. */
export function sweepIdempotent(sql: SqlStorage, now: number, limit: number): void {
  sql.exec(
    `DELETE FROM idempotency WHERE scope IN
       (SELECT scope FROM idempotency WHERE created_at <= ? ORDER BY created_at LIMIT ?)`,
    now - IDEMPOTENCY_MS,
    limit,
  );
}

/** When the oldest row's time is over, or null. */
export function nextSweep(sql: SqlStorage): number | null {
  const at = sql.exec("SELECT MIN(created_at) AS at FROM idempotency").one()["at"];
  return typeof at === "number" ? at + IDEMPOTENCY_MS : null;
}
