import { IDEMPOTENCY_CONFLICT, type Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { parseJobId } from "../keys/job-id.ts";
import { findHold } from "./hold-store.ts";
import { findIdempotent, findRecent } from "./idempotency-store.ts";
import type { JobFacts } from "./journal-entry.ts";
import type { Submit } from "./reserve.ts";
import type { Reservation } from "./types.ts";

/**
 * The job that an equal submit made before: by its Idempotency-Key, or within the key's own dedupe window
 * where it sent none. Null: it made none. The same Idempotency-Key with another body is a conflict.
 */
export function findEarlier({ sql, key, request, state: { now } }: Submit): Result<Reservation, Refusal> | null {
  const { idempotencyKey, bodyHash } = request;
  const earlier = idempotencyKey === null ? findRecent(sql, key, request, now) : findIdempotent(sql, request, now);
  if (!earlier) return null;
  if (earlier.bodyHash !== bodyHash) return err(IDEMPOTENCY_CONFLICT);
  return ok(replay(sql, earlier.job));
}

const replay = (sql: SqlStorage, job: JobFacts): Reservation => ({
  job,
  shard: parseJobId(job.jobId)?.shard ?? 0,
  replayed: true,
  open: findHold(sql, job.jobId) !== null,
});
