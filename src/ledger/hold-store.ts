import type { JobFacts, Mode } from "./journal-entry.ts";
import type { BudgetScope } from "./types.ts";
import type { Window } from "./windows.ts";

/** An open hold. Ended holds leave this table at once: a job without a row here cannot be settled. */
export interface Hold {
  job: JobFacts;
  shard: number;
  /** Journal number of the entry that made it. */
  seq: number;
  /** Its row in `idempotency`, if the submit had a key. */
  idempotency: string | null;
  unknown: boolean;
  needsOperator: boolean;
}

/** Where an open hold's job is, or is to be. */
export interface HoldPlace {
  jobId: string;
  shard: number;
  admittedAt: number;
}

/** Jobs under way, of one mode and one team (null: of none). */
export interface OpenJobs {
  mode: Mode;
  team: string | null;
  jobs: number;
  heldMicros: number;
}

interface Row extends Record<string, SqlStorageValue> {
  hold_seq: number;
  shard: number;
  facts: string;
  idempotency: string | null;
  unknown: number;
  needs_operator: number;
}

export function insertHold(sql: SqlStorage, hold: Pick<Hold, "job" | "shard" | "seq" | "idempotency">): void {
  sql.exec(
    "INSERT INTO open_holds (job_id, hold_seq, shard, price_micros, facts, idempotency, admitted_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    hold.job.jobId,
    hold.seq,
    hold.shard,
    hold.job.priceMicros,
    JSON.stringify(hold.job),
    hold.idempotency,
    hold.job.admittedAt,
  );
}

export function findHold(sql: SqlStorage, jobId: string): Hold | null {
  const row = sql.exec<Row>("SELECT * FROM open_holds WHERE job_id = ?", jobId).toArray()[0];
  return row ? toHold(row) : null;
}

export const deleteHold = (sql: SqlStorage, jobId: string): void => {
  sql.exec("DELETE FROM open_holds WHERE job_id = ?", jobId);
};

export function markHold(sql: SqlStorage, jobId: string, mark: { unknown: boolean; needsOperator: boolean }): void {
  sql.exec(
    "UPDATE open_holds SET unknown = ?, needs_operator = ? WHERE job_id = ?",
    Number(mark.unknown),
    Number(mark.needsOperator),
    jobId,
  );
}

/** All open holds with the time that their row has for them, the oldest first. */
export const holdsByAge = (sql: SqlStorage): HoldPlace[] =>
  sql.exec("SELECT job_id, shard, admitted_at FROM open_holds ORDER BY admitted_at").toArray().map(toPlace);

const toPlace = (row: Record<string, SqlStorageValue>): HoldPlace => ({
  jobId: String(row["job_id"]),
  shard: Number(row["shard"]),
  admittedAt: Number(row["admitted_at"]),
});

export function* openHolds(sql: SqlStorage): Generator<Hold> {
  for (const row of sql.exec<Row>("SELECT * FROM open_holds")) yield toHold(row);
}

/** Open holds of a key in the shards after `afterShard`. */
export const openOfKey = (sql: SqlStorage, keyId: string, afterShard: number): HoldPlace[] =>
  sql
    .exec(
      "SELECT job_id, shard, admitted_at FROM open_holds WHERE shard > ? AND facts ->> 'keyId' = ?",
      afterShard,
      keyId,
    )
    .toArray()
    .map(toPlace);

/** Open holds by shard: how the load is spread. */
export function openByShard(sql: SqlStorage): Map<number, number> {
  const rows = sql.exec("SELECT shard, COUNT(*) AS n FROM open_holds GROUP BY shard");
  return new Map([...rows].map((row) => [Number(row["shard"]), Number(row["n"])]));
}

/** Jobs under way, and what is held for them, by mode and team. */
export const openByTeam = (sql: SqlStorage): OpenJobs[] =>
  sql
    .exec(
      `SELECT facts ->> 'mode' AS mode, facts ->> 'team' AS team, COUNT(*) AS jobs, SUM(price_micros) AS micros
       FROM open_holds GROUP BY 1, 2`,
    )
    .toArray()
    .map((row) => ({
      mode: row["mode"] === "test" ? "test" : "live",
      team: row["team"] === null ? null : String(row["team"]),
      jobs: Number(row["jobs"]),
      heldMicros: Number(row["micros"]),
    }));

/** Held for a scope by jobs admitted in a window. Counted in SQL: a put waits for it, with all that is open. */
export function heldIn(
  sql: SqlStorage,
  { mode, scope }: { mode: Mode; scope: BudgetScope },
  window: Pick<Window, "start" | "end">,
): { micros: number; jobs: number } {
  const { where, bound } = heldUnder(scope);
  const row = sql
    .exec(
      `SELECT coalesce(SUM(price_micros), 0) AS micros, COUNT(*) AS jobs FROM open_holds
       WHERE admitted_at >= ? AND admitted_at < ? AND facts ->> 'mode' = ? AND ${where}`,
      window.start ?? 0,
      window.end ?? Number.MAX_SAFE_INTEGER,
      mode,
      ...bound,
    )
    .one();
  return { micros: Number(row["micros"]), jobs: Number(row["jobs"]) };
}

/** The holds that fall under a scope, as `scopesOf` says it of their facts. */
function heldUnder(scope: BudgetScope): { where: string; bound: string[] } {
  switch (scope.kind) {
    case "tenant":
      return { where: "true", bound: [] };
    case "team":
      return { where: "facts ->> 'team' = ?", bound: [scope.team] };
    case "key":
      return { where: "facts ->> 'keyId' = ?", bound: [scope.key] };
    case "model":
      return { where: "facts ->> 'model' = ?", bound: [scope.model] };
    case "tag":
      return {
        where: "EXISTS (SELECT 1 FROM json_each(facts, '$.tags') AS tag WHERE tag.key = ? AND tag.value = ?)",
        bound: [scope.name, scope.value],
      };
  }
}

const toHold = (row: Row): Hold => ({
  job: JSON.parse(row.facts) as JobFacts,
  shard: row.shard,
  seq: row.hold_seq,
  idempotency: row.idempotency,
  unknown: row.unknown === 1,
  needsOperator: row.needs_operator === 1,
});
