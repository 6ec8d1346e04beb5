import type { Database } from "../../scripts/start/databases.ts";
import { KEYS, MODELS, RELEASED_EVERY } from "../ledger/seed-history.ts";
import type { SeedOrder } from "../ledger/protocol.ts";

const NUMBERS = "WITH RECURSIVE n (i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";

/** Job number i of the history, as `seedHistory` makes it. */
const JOB = {
  id: "?3 || '0000' || format('%016x', i)",
  released: `i % ${RELEASED_EVERY} = 0`,
  admittedAt: "CAST(?4 + i * ?5 AS INTEGER)",
  endedAt: "CAST(?4 + i * ?5 AS INTEGER) + CAST(?5 / 2 AS INTEGER)",
  model: `json_array(${MODELS.map((model) => `'${model}'`).join(", ")}) ->> (i % ${MODELS.length})`,
};

const EVENTS = `${NUMBERS}
  INSERT INTO usage_events (tenant, seq, at, kind, job_id, hash)
  SELECT ?3, 2 * i + 1, ${JOB.admittedAt}, 'hold', ${JOB.id}, '' FROM n
  UNION ALL SELECT ?3, 2 * i + 2, ${JOB.endedAt}, iif(${JOB.released}, 'release', 'capture'), ${JOB.id}, '' FROM n`;

const JOBS = `${NUMBERS}
  INSERT INTO jobs (tenant, id, mode, model, key_id, team, seconds, cost_micros, price_micros, rate_version, tags,
    admitted_at, status, status_seq, ended_at, outcome, reason)
  SELECT ?3, ${JOB.id}, 'live', ${JOB.model}, 'history' || (i % ${KEYS}), '', 5, 1300000,
    iif(${JOB.released}, NULL, 1300000), 1, '{}', ${JOB.admittedAt}, iif(${JOB.released}, 'failed', 'completed'),
    2 * i + 2, ${JOB.endedAt}, iif(${JOB.released}, 'failed', 'completed'), ''
  FROM n`;

const DAY = "strftime('%Y-%m-%d', ended_at / 1000, 'unixepoch')";
const CAPTURED = "FROM jobs WHERE tenant = ?1 AND status = 'completed'";

const ROLL_UPS = [
  `INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros, hours)
   SELECT tenant, mode, day, team, key_id, model, sum(jobs), sum(seconds), sum(cost), sum(price),
     json_group_object(hour, json_array(jobs, price))
   FROM (
     SELECT tenant, mode, ${DAY} AS day, ended_at / 3600000 AS hour, team, key_id, model, count(*) AS jobs,
       sum(seconds) AS seconds, sum(cost_micros) AS cost, sum(price_micros) AS price
     ${CAPTURED} GROUP BY day, hour, team, key_id, model
   )
   GROUP BY day, team, key_id, model`,
  `INSERT INTO gateway_days (mode, local_day, model, jobs, seconds, cost_micros, price_micros)
   SELECT mode, ${DAY} AS day, model, count(*), sum(seconds), sum(cost_micros), sum(price_micros) ${CAPTURED}
   GROUP BY day, model ON CONFLICT DO UPDATE SET jobs = jobs + excluded.jobs, seconds = seconds + excluded.seconds,
     cost_micros = cost_micros + excluded.cost_micros, price_micros = price_micros + excluded.price_micros`,
];

/** A part of a tenant's history as the queue's consumer would have left it in D1 REPORT. The zone is UTC. */
export async function seedReport(report: Database, tenant: string, order: SeedOrder): Promise<void> {
  const { first, count, total, from, until } = order;
  const bound = [first, first + count - 1, tenant, from, (until - from) / total] as const;
  await report.batch([EVENTS, JOBS].map((statement) => report.prepare(statement).bind(...bound)));
  if (first + count < total) return;
  const mark = "INSERT INTO watermarks (tenant, seq, at) VALUES (?, ?, ?)";
  await report.batch([
    ...ROLL_UPS.map((statement) => report.prepare(statement).bind(tenant)),
    report.prepare(mark).bind(tenant, 2 * total, until),
  ]);
}
