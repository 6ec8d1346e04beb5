import { jobIdOf, type JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { DAY_SUMS } from "../../../src/reporting/day-sums.ts";

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
    hours: await read(`SELECT local_day || ' ' || (key * 3600000) AS period, mode, team, key_id, model,
        value ->> 0 AS jobs, value ->> 1 AS price_micros
      FROM usage_days, json_each(hours) WHERE tenant = ?1 ORDER BY mode, period, team, key_id, model`),
    days: await read(`SELECT local_day AS period, mode, team, key_id, model, ${DAY_SUMS.join(", ")}
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
    hours: rollUp(
      entries.filter(({ body }) => body.kind === "capture"),
      ({ at, localDay }) => `${localDay} ${Math.floor(at / 3_600_000) * 3_600_000}`,
      ["jobs", "price_micros"],
    ),
    days: rollUp(entries, ({ localDay }) => localDay, DAY_SUMS),
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

/** `columns`: those that the roll-up has. */
function rollUp(
  entries: readonly JournalEntry[],
  periodOf: (entry: JournalEntry) => string,
  columns: readonly string[],
): Row[] {
  const rows = new Map<string, Row>();
  for (const entry of entries) {
    if (entry.body.kind !== "capture" && entry.body.kind !== "release") continue;
    const { mode, team, keyId: key_id, model } = entry.body.job;
    const key = { period: periodOf(entry), mode, team: team ?? "", key_id, model };
    const name = JSON.stringify(key);
    const row = rows.get(name) ?? { ...key, ...Object.fromEntries(columns.map((column) => [column, 0])) };
    const added = addedBy(entry.body);
    for (const column of columns) row[column] = Number(row[column]) + (added[column] ?? 0);
    rows.set(name, row);
  }
  return [...rows.values()].toSorted(by("mode", "period", "team", "key_id", "model"));
}

type End = Extract<JournalEntry["body"], { kind: "capture" | "release" }>;

function addedBy(body: End): Record<string, number> {
  if (body.kind === "release") return body.outcome === "cancelled" ? { cancelled: 1 } : { failed: 1 };
  const { seconds, costMicros: cost_micros, priceMicros: price_micros, admittedAt } = body.job;
  const captured = { jobs: 1, seconds, cost_micros, price_micros };
  if (body.outcome !== "completed") return captured;
  const result_ms = Math.max(0, body.endedAt - admittedAt);
  const minutes = result_ms / 60_000;
  const bucket = Object.entries(MINUTES).find(([, end]) => minutes < end)?.[0] ?? "results_more";
  return { ...captured, result_ms, [bucket]: 1 };
}

const MINUTES = {
  results_15s: 0.25,
  results_30s: 0.5,
  results_1m: 1,
  results_2m: 2,
  results_3m: 3,
  results_5m: 5,
  results_10m: 10,
  results_20m: 20,
  results_1h: 60,
};

function by(...fields: string[]) {
  return (a: Row, b: Row): number => {
    for (const field of fields) {
      const [left, right] = [String(a[field]), String(b[field])];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}
