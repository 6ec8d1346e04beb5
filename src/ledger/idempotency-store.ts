import type { JobFacts } from "./journal-entry.ts";
import type { ReserveRequest } from "./types.ts";

/** How long a repeated Idempotency-Key finds its job. */
export const IDEMPOTENCY_MS = 48 * 3_600_000;

export interface IdempotentJob {
  bodyHash: string;
  /** Kept here and not looked up in the journal: that may have been archived. */
  job: JobFacts;
}

/** Key id and mode are part of the scope; the tenant is the object itself. */
const scopeOf = (request: ReserveRequest): string =>
  `${request.caller.keyId}|${request.caller.mode}|${request.idempotencyKey}`;

export function findIdempotent(sql: SqlStorage, request: ReserveRequest, now: number): IdempotentJob | null {
  if (request.idempotencyKey === null) return null;
  const row = sql.exec("SELECT * FROM idempotency WHERE scope = ?", scopeOf(request)).toArray()[0];
  if (!row || Number(row["created_at"]) + IDEMPOTENCY_MS <= now) return null;
  return { bodyHash: String(row["body_hash"]), job: JSON.parse(String(row["facts"])) as JobFacts };
}

/** Returns the row's key, kept on the hold so that a job never sent can free it. */
export function recordIdempotent(
  sql: SqlStorage,
  request: ReserveRequest,
  made: { job: JobFacts; holdSeq: number },
  now: number,
): string | null {
  if (request.idempotencyKey === null) return null;
  sql.exec(
    `INSERT INTO idempotency (scope, body_hash, job_id, hold_seq, created_at, facts) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET body_hash = excluded.body_hash, job_id = excluded.job_id,
       hold_seq = excluded.hold_seq, created_at = excluded.created_at, facts = excluded.facts`,
    scopeOf(request),
    request.bodyHash,
    made.job.jobId,
    made.holdSeq,
    now,
    JSON.stringify(made.job),
  );
  return scopeOf(request);
}

export function freeIdempotent(sql: SqlStorage, scope: string, jobId: string): void {
  sql.exec("DELETE FROM idempotency WHERE scope = ? AND job_id = ?", scope, jobId);
}

/** Rows past their time, at most `limit` a call. */
export function sweepIdempotent(sql: SqlStorage, now: number, limit: number): void {
  sql.exec(
    "DELETE FROM idempotency WHERE scope IN (SELECT scope FROM idempotency WHERE created_at <= ? LIMIT ?)",
    now - IDEMPOTENCY_MS,
    limit,
  );
}
