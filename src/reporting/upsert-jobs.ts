import type { JobChange } from "./job-changes.ts";

/**
 * Statements that bring the job rows up to the given changes, in whatever order changes arrive and
 * however often. They need no event row to guard them: facts are written once, a status only by an
 * entry with more to say. At most one change per job.
 */
export function upsertJobs(db: D1Database, tenant: string, changes: readonly JobChange[]): D1PreparedStatement[] {
  const rows = JSON.stringify(changes.map(toRow));
  return [db.prepare(INSERT_OR_COMPLETE).bind(tenant, rows), db.prepare(UPDATE_STATUS).bind(tenant, rows)];
}

/** A job without facts gets admitted_at 0 and blanks; it is not listed until they come. */
function toRow({ jobId, facts, change, refundedAt }: JobChange) {
  return {
    id: jobId,
    mode: facts?.mode ?? "live",
    model: facts?.model ?? "",
    key: facts?.keyId ?? "",
    team: facts?.team ?? "",
    seconds: facts?.seconds ?? 0,
    cost: facts?.costMicros ?? 0,
    rate: facts?.rateVersion ?? 0,
    tags: JSON.stringify(facts?.tags ?? {}),
    admitted: facts?.admittedAt ?? 0,
    held: facts?.priceMicros ?? null,
    refunded: refundedAt,
    price: change.priceMicros,
    status: change.status,
    seq: change.seq,
    ended: change.endedAt,
    outcome: change.outcome,
    reason: change.reason,
  };
}

// One JSON parameter holds all rows: a statement may bind 100 values, and an invocation may run 1,000 statements, so neither
// a value per column nor a statement per row would do. Each row is looked up once, by its key: an `UPDATE ... FROM json_each`
// compares every row with every other.
const insert = (facts: string): string => `
  INSERT INTO jobs (tenant, id, mode, model, key_id, team, seconds, cost_micros, rate_version, tags, admitted_at,
                    held_micros, refunded_at, price_micros, status, status_seq, ended_at, outcome, reason)
  SELECT ?1, value ->> 'id', ${facts},
         value ->> 'price', value ->> 'status', value ->> 'seq', value ->> 'ended', value ->> 'outcome', value ->> 'reason'
  FROM json_each(?2) WHERE true
  ON CONFLICT (tenant, id) DO UPDATE SET`;

const FACTS = `
  value ->> 'mode', value ->> 'model', value ->> 'key', value ->> 'team', value ->> 'seconds', value ->> 'cost',
  value ->> 'rate', value ->> 'tags', value ->> 'admitted', value ->> 'held', value ->> 'refunded'`;

/** For a row that is there already: none of them is taken, and looking them up in the JSON is half of what a change costs. */
const NO_FACTS = "'live', '', '', '', 0, 0, 0, '{}', 0, NULL, NULL";

// Facts are the same in every entry that has them.
const INSERT_OR_COMPLETE = `${insert(FACTS)}
    mode = excluded.mode, model = excluded.model, key_id = excluded.key_id, team = excluded.team,
    seconds = excluded.seconds, cost_micros = excluded.cost_micros, rate_version = excluded.rate_version,
    tags = excluded.tags, admitted_at = excluded.admitted_at, held_micros = excluded.held_micros,
    refunded_at = coalesce(jobs.refunded_at, excluded.refunded_at)
  WHERE excluded.admitted_at > 0 AND (jobs.admitted_at = 0 OR jobs.held_micros IS NULL
    OR (jobs.refunded_at IS NULL AND excluded.refunded_at IS NOT NULL))`;

// After the one above every row is there. A statement of its own: one that sets `admitted_at` writes the list's index, too, each time.
// The row value compares first whether the change ends the job, then its place in the journal.
const UPDATE_STATUS = `${insert(NO_FACTS)}
    status = excluded.status, status_seq = excluded.status_seq, price_micros = excluded.price_micros,
    ended_at = excluded.ended_at, outcome = excluded.outcome, reason = excluded.reason
  WHERE (excluded.ended_at IS NOT NULL, excluded.status_seq) > (jobs.ended_at IS NOT NULL, jobs.status_seq)`;
