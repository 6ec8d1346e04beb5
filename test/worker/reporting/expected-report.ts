import { jobIdOf, type JournalEntry } from "../../../src/ledger/journal-entry.ts";

type Row = Record<string, unknown>;

/** All that D1 REPORT has of a tenant, in an order of its own: two equal reports are deeply equal. */
export async function readReport(
  db: D1Database,
  tenant: string,
): Promise<Record<"jobs" | "hours" | "days" | "seqs", Row[]>> {
  const read = async (sql: string) => (await db.prepare(sql).bind(tenant).all<Row>()).results;
  return {
    jobs: await read(`SELECT id, status, price_micros, ended_at, outcome, reason, mode, model, key_id, team, seconds,
      cost_micros, held_micros, refunded_at, rate_version, tags, admitted_at FROM jobs WHERE tenant = ?1 ORDER BY id`),
    hours: await read(`SELECT hour AS period, mode, team, key_id, model, jobs, seconds, cost_micros, price_micros
      FROM usage_hours WHERE tenant = ?1 ORDER BY mode, hour, team, key_id, model`),
    days: await read(`SELECT local_day AS period, mode, team, key_id, model, jobs, seconds, cost_micros, price_micros
      FROM usage_days WHERE tenant = ?1 ORDER BY mode, local_day, team, key_id, model`),
    seqs: await read("SELECT seq, kind, job_id, hash FROM usage_events WHERE tenant = ?1 ORDER BY seq"),
  };
}

/** The same, computed from the whole journal in its order and without any SQL. */
export function expectedReport(entries: readonly JournalEntry[]): Record<"jobs" | "hours" | "days" | "seqs", Row[]> {
  const jobs = new Map<string, Row>();
  for (const { body } of entries) {
    const id = jobIdOf(body);
    if (id === null) continue;
    if (body.kind === "hold") jobs.set(id, admitted(body.job));
    const job = jobs.get(id)!;
    if (body.kind === "unknown") Object.assign(job, { status: body.entered ? "unknown" : "admitted", reason: null });
    if (body.kind === "needs_operator") Object.assign(job, { status: "needs_operator", reason: body.reason });
    if (body.kind === "capture" || body.kind === "release") {
      const { outcome, endedAt: ended_at } = body;
      const status = outcome === "never_sent" ? "failed" : outcome;
      Object.assign(job, { status, outcome, ended_at, reason: body.kind === "release" ? body.reason : null });
      if (body.kind === "release") job["refunded_at"] = ended_at;
      if (body.kind === "capture") job["price_micros"] = body.job.priceMicros;
    }
  }
  return {
    jobs: [...jobs.values()].toSorted(by("id")),
    hours: rollUp(entries, ({ at }) => Math.floor(at / 3_600_000) * 3_600_000),
    days: rollUp(entries, ({ localDay }) => localDay),
    seqs: entries.map(({ seq, body, hash }) => {
      return { seq, kind: body.kind, job_id: jobIdOf(body) ?? "", hash };
    }),
  };
}

function admitted(job: Extract<JournalEntry["body"], { kind: "hold" }>["job"]): Row {
  return {
    id: job.jobId,
    status: "admitted",
    price_micros: null,
    ended_at: null,
    outcome: null,
    reason: null,
    mode: job.mode,
    model: job.model,
    key_id: job.keyId,
    team: job.team ?? "",
    seconds: job.seconds,
    cost_micros: job.costMicros,
    held_micros: job.priceMicros,
    refunded_at: null,
    rate_version: job.rateVersion,
    tags: JSON.stringify(job.tags),
    admitted_at: job.admittedAt,
  };
}

function rollUp(entries: readonly JournalEntry[], periodOf: (entry: JournalEntry) => string | number): Row[] {
  const rows = new Map<string, Row & { jobs: number; seconds: number; cost_micros: number; price_micros: number }>();
  for (const entry of entries) {
    if (entry.body.kind !== "capture") continue;
    const { mode, team, keyId: key_id, model, seconds, costMicros, priceMicros } = entry.body.job;
    const key = { period: periodOf(entry), mode, team: team ?? "", key_id, model };
    const name = JSON.stringify(key);
    const row = rows.get(name) ?? { ...key, jobs: 0, seconds: 0, cost_micros: 0, price_micros: 0 };
    row.jobs += 1;
    row.seconds += seconds;
    row.cost_micros += costMicros;
    row.price_micros += priceMicros;
    rows.set(name, row);
  }
  return [...rows.values()].toSorted(by("mode", "period", "team", "key_id", "model"));
}

function by(...fields: string[]) {
  return (a: Row, b: Row): number => {
    for (const field of fields) {
      const [left, right] = [String(a[field]), String(b[field])];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}
