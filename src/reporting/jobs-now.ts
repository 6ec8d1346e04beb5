/** Jobs that one read looks at, the first in its order: neither a page nor a total goes beyond them. */
export const JOBS_READ_MAX = 10_000;

/**
 * SQL of a common table `jobs_now`: the rows that `stored` selects (`SELECT * FROM jobs ...`), each as the journal has
 * it by now, and the jobs that only the journal has. ?1 is the tenant, ?2 what `readLateJobs` read.
 */
export const jobsNow = (stored: string): string => `
  WITH late AS MATERIALIZED (
    SELECT value ->> 'id' AS id, value ->> 'mode' AS mode, value ->> 'model' AS model, value ->> 'key' AS key_id,
           value ->> 'admitted' AS admitted_at, value ->> 'held' AS held_micros, value ->> 'price' AS price_micros,
           value ->> 'status' AS status, value ->> 'seq' AS seq, value ->> 'ended' AS ended_at,
           value ->> 'refunded' AS refunded_at
    FROM json_each(?2)),
  stored AS MATERIALIZED (${stored}),
  met AS (
    SELECT stored.*, late.id IS NOT NULL AS is_late, late.held_micros AS late_held, late.price_micros AS late_price,
           late.status AS late_status, late.ended_at AS late_ended, late.refunded_at AS late_refunded,
           coalesce((late.ended_at IS NOT NULL, late.seq) > (stored.ended_at IS NOT NULL, stored.status_seq), 0) AS newer
    FROM stored LEFT JOIN late ON late.id = stored.id),
  jobs_now AS (
    SELECT id, mode, model, key_id, admitted_at, deleted_at,
           coalesce(held_micros, late_held) AS held_micros, iif(newer, late_price, price_micros) AS price_micros,
           iif(newer, late_status, status) AS status, iif(newer, late_ended, ended_at) AS ended_at,
           coalesce(refunded_at, late_refunded) AS refunded_at
    FROM met WHERE admitted_at > 0
    UNION ALL
    SELECT id, mode, model, key_id, admitted_at, NULL, held_micros, price_micros, status, ended_at, refunded_at
    FROM late WHERE admitted_at > 0 AND id NOT IN (SELECT id FROM stored WHERE admitted_at > 0))`;
