import type { JobAddress } from "../keys/job-id.ts";
import { strideOf, type Turn } from "./fair-turn.ts";
import type { PermitRequest } from "./types.ts";

/** A job that waits for a permit. */
export interface Waiting extends Omit<PermitRequest, "holds"> {
  tracker: JobAddress;
}

const IN_ORDER = "ORDER BY priority DESC, queued_at, job_id";

/** Tenants that wait, the one whose turn it is first. */
export const readTurns = (sql: SqlStorage, limit = -1): Turn[] =>
  sql
    .exec("SELECT tenant, pass, weight, waiting FROM turns WHERE waiting > 0 ORDER BY pass, tenant LIMIT ?", limit)
    .toArray() as unknown as Turn[];

/** The tenant's first jobs in the order in which they go. */
export const lineOf = (sql: SqlStorage, tenant: string, limit: number): string[] =>
  sql
    .exec(`SELECT job_id FROM waiting WHERE tenant = ? ${IN_ORDER} LIMIT ?`, tenant, limit)
    .toArray()
    .map((row) => String(row["job_id"]));

/** Whether the job was not in the line yet. `turn`: where one begins that has nothing waiting. */
export function enterLine(sql: SqlStorage, job: Waiting, weight: number, turn: number): boolean {
  const { tracker, jobId, priority, queuedAt } = job;
  const { rowsWritten } = sql.exec(
    "INSERT INTO waiting VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    jobId,
    tracker.tenant,
    tracker.shard,
    priority,
    queuedAt,
  );
  if (rowsWritten === 0) return false;
  sql.exec(
    `INSERT INTO turns VALUES (?, ?, ?, 1) ON CONFLICT (tenant) DO UPDATE SET
       pass = iif(waiting > 0, pass, max(pass, excluded.pass)), weight = excluded.weight, waiting = waiting + 1`,
    tracker.tenant,
    turn,
    weight,
  );
  return true;
}

export const isWaiting = (sql: SqlStorage, jobId: string): boolean =>
  sql.exec("SELECT 1 FROM waiting WHERE job_id = ?", jobId).toArray().length > 0;

export function leaveLine(sql: SqlStorage, jobId: string): boolean {
  const row = sql.exec("DELETE FROM waiting WHERE job_id = ? RETURNING tenant", jobId).toArray()[0];
  if (row) sql.exec("UPDATE turns SET waiting = waiting - 1 WHERE tenant = ?", row["tenant"] ?? null);
  return row !== undefined;
}

/** Takes the job whose turn it is out of the line. Null: nobody waits. `turn`: how far on its tenant was. */
export function takeNext(sql: SqlStorage): { job: Waiting; turn: number } | null {
  const [next] = readTurns(sql, 1);
  if (!next) return null;
  const row = sql.exec(`SELECT * FROM waiting WHERE tenant = ? ${IN_ORDER} LIMIT 1`, next.tenant).one();
  const jobId = String(row["job_id"]);
  leaveLine(sql, jobId);
  sql.exec("UPDATE turns SET pass = pass + ? WHERE tenant = ?", strideOf(next.weight), next.tenant);
  // Who has nothing waiting and is not ahead of the others has nothing to be remembered for.
  sql.exec("DELETE FROM turns WHERE waiting = 0 AND pass <= ?", next.pass);
  const tracker = { tenant: next.tenant, shard: Number(row["shard"]) };
  const job = { jobId, tracker, priority: Number(row["priority"]), queuedAt: Number(row["queued_at"]) };
  return { job, turn: next.pass };
}

export const countWaiting = (sql: SqlStorage): { jobs: number; tenants: number } => {
  const row = sql.exec("SELECT COUNT(*) AS jobs, COUNT(DISTINCT tenant) AS tenants FROM waiting").one();
  return { jobs: Number(row["jobs"]), tenants: Number(row["tenants"]) };
};
