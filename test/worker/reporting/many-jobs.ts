/** Jobs that one statement makes. */
const JOBS_PER_STATEMENT = 50_000;

export interface ManyJobs {
  tenant: string;
  jobs: number;
  /** The last day on which jobs ended, epoch ms; they are spread evenly over the days before it. */
  until: number;
  days: number;
}

const DAY_MS = 86_400_000;

/** How various the jobs are: 12 keys in 4 teams, 5 models; 1 in 20 failed; 1 in 10,000 is of a rare model. */
const NAMED = {
  id: "?3 || '0000' || printf('%016x', i)",
  admittedAt: "?4 + i * ?5",
  key: "'key_' || (i % 12)",
  team: "'team_' || (i % 4)",
  model: "iif(i % 10000 = 7, 'rare', 'model_' || (i % 5))",
  failed: "i % 20 = 0",
};

const JOBS = `
  WITH RECURSIVE n (i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
  INSERT INTO jobs (tenant, id, mode, model, key_id, team, seconds, cost_micros, price_micros, rate_version, tags,
    admitted_at, held_micros, refunded_at, status, status_seq, ended_at, outcome)
  SELECT ?3, ${NAMED.id}, 'live', ${NAMED.model}, ${NAMED.key}, ${NAMED.team}, 5, 1300000,
    iif(${NAMED.failed}, NULL, 1430000), 1, '{}', ${NAMED.admittedAt}, 1430000,
    iif(${NAMED.failed}, ${NAMED.admittedAt} + 90000, NULL), iif(${NAMED.failed}, 'failed', 'completed'), 2 * i,
    ${NAMED.admittedAt} + 90000, iif(${NAMED.failed}, 'failed', 'completed')
  FROM n`;

const DAYS = `
  INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros, failed,
    result_ms, results_2m, hours)
  SELECT tenant, mode, day, team, key_id, model, sum(jobs), 5 * sum(jobs), sum(cost), sum(price), sum(ended - jobs),
    90000 * sum(jobs), sum(jobs), json_group_object(hour, json_array(jobs, price)) FILTER (WHERE jobs > 0)
  FROM (
    SELECT tenant, mode, strftime('%Y-%m-%d', ended_at / 1000, 'unixepoch') AS day, ended_at / 3600000 AS hour, team, key_id,
      model, count(price_micros) AS jobs, sum(iif(price_micros IS NULL, 0, cost_micros)) AS cost,
      coalesce(sum(price_micros), 0) AS price, count(*) AS ended
    FROM jobs WHERE tenant = ?1 GROUP BY day, hour, team, key_id, model
  )
  GROUP BY day, team, key_id, model`;

const GATEWAY = `
  INSERT INTO gateway_days (mode, local_day, model, jobs, seconds, cost_micros, price_micros, failed, result_ms, results_2m)
  SELECT mode, local_day, model, sum(jobs), sum(seconds), sum(cost_micros), sum(price_micros), sum(failed),
    sum(result_ms), sum(results_2m)
  FROM usage_days WHERE tenant = ?1 GROUP BY mode, local_day, model
  ON CONFLICT DO UPDATE SET jobs = jobs + excluded.jobs, seconds = seconds + excluded.seconds,
    cost_micros = cost_micros + excluded.cost_micros, price_micros = price_micros + excluded.price_micros,
    failed = failed + excluded.failed, result_ms = result_ms + excluded.result_ms,
    results_2m = results_2m + excluded.results_2m`;

/** Ended jobs with their roll-ups, as their entries would have left them, but for the event rows. */
export async function seedJobs(report: D1Database, { tenant, jobs, until, days }: ManyJobs): Promise<void> {
  const spacing = Math.max(1, Math.floor((days * DAY_MS) / jobs));
  const from = until - jobs * spacing;
  for (let first = 1; first <= jobs; first += JOBS_PER_STATEMENT) {
    const last = Math.min(jobs, first + JOBS_PER_STATEMENT - 1);
    await report.prepare(JOBS).bind(first, last, tenant, from, spacing).run();
  }
  await report.batch([DAYS, GATEWAY].map((sql) => report.prepare(sql).bind(tenant)));
}
