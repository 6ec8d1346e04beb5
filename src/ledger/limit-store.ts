import type { ArrivalTime } from "./gcra.ts";
import type { Mode } from "./journal-entry.ts";
import { heldIn } from "./hold-store.ts";
import { scopeKey } from "./scope.ts";
import type { Limit, LimitScope } from "./types.ts";

/** What a limit will have counted if a submit is admitted. */
export type NextCount = Pick<CountedLimit, "id" | "arrival" | "day" | "submits">;

/** Limits of one tenant. */
export const LIMITS_MAX = 1_000;

/** A limit with what is counted against it. `arrival`: of GCRA; `day`: of `submits`. */
export interface CountedLimit extends Limit {
  arrival: ArrivalTime | null;
  day: string;
  submits: number;
  running: number;
}

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  mode: string;
  scope: string;
  requests_per_minute: number | null;
  burst: number | null;
  concurrent_jobs: number | null;
  submits_per_day: number | null;
  arrival: string | null;
  day: string;
  submits: number;
  running: number;
}

export function bindingLimits(sql: SqlStorage, mode: Mode, scopes: readonly string[]): CountedLimit[] {
  const marks = scopes.map(() => "?").join(", ");
  return sql
    .exec<Row>(`SELECT * FROM limits WHERE mode = ? AND scope_key IN (${marks}) ORDER BY id`, mode, ...scopes)
    .toArray()
    .map(toLimit);
}

export const allLimits = (sql: SqlStorage): CountedLimit[] =>
  sql.exec<Row>("SELECT * FROM limits ORDER BY id LIMIT ?", LIMITS_MAX).toArray().map(toLimit);

export const countLimits = (sql: SqlStorage): number => Number(sql.exec("SELECT COUNT(*) AS n FROM limits").one()["n"]);

export function findLimit(sql: SqlStorage, id: string): CountedLimit | null {
  const row = sql.exec<Row>("SELECT * FROM limits WHERE id = ?", id).toArray()[0];
  return row ? toLimit(row) : null;
}

/** Writes the limit with its counts; jobs that run now are counted afresh, whoever counted them before. */
export function replaceLimit(sql: SqlStorage, limit: Omit<CountedLimit, "running">): void {
  sql.exec(
    `INSERT OR REPLACE INTO limits (id, mode, scope_key, scope, requests_per_minute, burst, concurrent_jobs,
       submits_per_day, arrival, day, submits, running) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    limit.id,
    limit.mode,
    scopeKey(limit.scope),
    JSON.stringify(limit.scope),
    limit.requestsPerMinute,
    limit.burst,
    limit.concurrentJobs,
    limit.submitsPerDay,
    limit.arrival && JSON.stringify(limit.arrival),
    limit.day,
    limit.submits,
    heldIn(sql, limit, { start: null, end: null }).jobs,
  );
}

export function removeLimit(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM limits WHERE id = ?", id);
}

/** Counts an admitted submit. */
export function countSubmit(sql: SqlStorage, next: NextCount): void {
  sql.exec(
    "UPDATE limits SET arrival = ?, day = ?, submits = ?, running = running + 1 WHERE id = ?",
    next.arrival && JSON.stringify(next.arrival),
    next.day,
    next.submits,
    next.id,
  );
}

/** A job of these scopes has ended. */
export function countJobEnded(sql: SqlStorage, mode: Mode, scopes: readonly string[]): void {
  const marks = scopes.map(() => "?").join(", ");
  sql.exec(`UPDATE limits SET running = running - 1 WHERE mode = ? AND scope_key IN (${marks})`, mode, ...scopes);
}

const toLimit = (row: Row): CountedLimit => ({
  id: row.id,
  mode: row.mode as Mode,
  scope: JSON.parse(row.scope) as LimitScope,
  requestsPerMinute: row.requests_per_minute,
  burst: row.burst,
  concurrentJobs: row.concurrent_jobs,
  submitsPerDay: row.submits_per_day,
  arrival: row.arrival === null ? null : (JSON.parse(row.arrival) as ArrivalTime),
  day: row.day,
  submits: row.submits,
  running: row.running,
});
