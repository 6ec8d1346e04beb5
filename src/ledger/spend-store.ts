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

/** One row for the job, and one for each of its tags. */
export function addSpend(sql: SqlStorage, job: JobFacts): void {
  const bucket = bucketOf(job.admittedAt);
  sql.exec(
    `INSERT INTO spend (mode, bucket, team, key_id, model, captured_micros) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET captured_micros = captured_micros + excluded.captured_micros`,
    job.mode,
    bucket,
    job.team ?? "",
    job.keyId,
    job.model,
    job.priceMicros,
  );
  const tags = Object.entries(job.tags);
  if (tags.length === 0) return;
  // "WHERE true": without it SQLite reads ON CONFLICT as a join's ON.
  sql.exec(
    `INSERT INTO tag_spend (mode, name, value, bucket, captured_micros)
     SELECT ?1, tag.value ->> 0, tag.value ->> 1, ?2, ?3 FROM json_each(?4) AS tag WHERE true
     ON CONFLICT DO UPDATE SET captured_micros = captured_micros + excluded.captured_micros`,
    job.mode,
    bucket,
    job.priceMicros,
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
