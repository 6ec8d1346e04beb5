import type { JobFacts, Mode } from "./journal-entry.ts";
import type { Budget, BudgetScope } from "./types.ts";
import type { Window } from "./windows.ts";

/**
 * What was captured, by quarter of an hour of admission: fine enough that every window of every
 * time zone is a whole number of buckets, so a new budget can count the past without any job row.
 * Tags are counted apart: a budget has one scope, and a tag may have another value for each job.
 */
export const BUCKET_MS = 15 * 60_000;

export const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS);

/** Adds what jobs were captured for: to one row for those of the same quarter, team, key and model, and to one for each tag's value. */
export function addSpend(sql: SqlStorage, captured: readonly JobFacts[]): void {
  if (captured.length === 0) return;
  const jobs = captured.map((job) => [
    job.mode,
    bucketOf(job.admittedAt),
    job.team ?? "",
    job.keyId,
    job.model,
    job.priceMicros,
  ]);
  // "WHERE true": without it SQLite reads ON CONFLICT as a join's ON.
  sql.exec(
    `INSERT INTO spend (mode, bucket, team, key_id, model, captured_micros)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, SUM(value ->> 5)
     FROM json_each(?) WHERE true GROUP BY 1, 2, 3, 4, 5
     ON CONFLICT DO UPDATE SET captured_micros = captured_micros + excluded.captured_micros`,
    JSON.stringify(jobs),
  );
  const tags = captured.flatMap((job) =>
    Object.entries(job.tags).map(([name, value]) => [job.mode, name, value, bucketOf(job.admittedAt), job.priceMicros]),
  );
  if (tags.length === 0) return;
  sql.exec(
    `INSERT INTO tag_spend (mode, name, value, bucket, captured_micros)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, SUM(value ->> 4)
     FROM json_each(?) WHERE true GROUP BY 1, 2, 3, 4
     ON CONFLICT DO UPDATE SET captured_micros = captured_micros + excluded.captured_micros`,
    JSON.stringify(tags),
  );
}

/** Captured by a budget's scope among jobs admitted in a window: now, or at the checkpoint. Micro-dollars. */
export function spentIn(
  sql: SqlStorage,
  budget: Budget,
  window: Window,
  amount: "captured_micros" | "checkpoint_micros" = "captured_micros",
): number {
  const { from, where, bound } = rowsOf(budget.mode, budget.scope);
  const row = sql
    .exec(
      `SELECT coalesce(SUM(${amount}), 0) AS micros FROM ${from} WHERE ${where} AND bucket >= ? AND bucket < ?`,
      ...bound,
      window.start === null ? 0 : bucketOf(window.start),
      window.end === null ? Number.MAX_SAFE_INTEGER : bucketOf(window.end),
    )
    .one();
  return Number(row["micros"]);
}

/** The rows that a scope is counted in: those of a tag are neighbours in their table. */
function rowsOf(mode: Mode, scope: BudgetScope): { from: string; where: string; bound: string[] } {
  switch (scope.kind) {
    case "tenant":
      return { from: "spend", where: "mode = ?", bound: [mode] };
    case "team":
      return { from: "spend", where: "mode = ? AND team = ?", bound: [mode, scope.team] };
    case "key":
      return { from: "spend", where: "mode = ? AND key_id = ?", bound: [mode, scope.key] };
    case "model":
      return { from: "spend", where: "mode = ? AND model = ?", bound: [mode, scope.model] };
    case "tag":
      return {
        from: "tag_spend",
        where: "mode = ? AND name = ? AND value = ?",
        bound: [mode, scope.name, scope.value],
      };
  }
}
