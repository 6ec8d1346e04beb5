import { canonicalJson } from "../catalog/canonical-json.ts";
import type { JobFacts, Mode } from "./journal-entry.ts";
import { scopeKey, scopesOf } from "./scope.ts";
import type { Budget } from "./types.ts";
import type { Window } from "./windows.ts";

/**
 * What was captured, by quarter of an hour of admission: fine enough that every window of every
 * time zone is a whole number of buckets, so a new budget can count the past without any job row.
 */
export const BUCKET_MS = 15 * 60_000;

export interface SpendRow extends Record<string, SqlStorageValue> {
  mode: string;
  bucket: number;
  team: string;
  key_id: string;
  model: string;
  tags: string;
  captured_micros: number;
  /** What it was at the last checkpoint. */
  checkpoint_micros: number;
}

export const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS);

export function addSpend(sql: SqlStorage, job: JobFacts): void {
  sql.exec(
    `INSERT INTO spend (mode, bucket, team, key_id, model, tags, captured_micros) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET captured_micros = captured_micros + excluded.captured_micros`,
    job.mode,
    bucketOf(job.admittedAt),
    job.team ?? "",
    job.keyId,
    job.model,
    canonicalJson(job.tags),
    job.priceMicros,
  );
}

/** Captured by a budget's scope among jobs admitted in a window: now, or at the checkpoint. Micro-dollars. */
export function spentIn(
  sql: SqlStorage,
  budget: Budget,
  window: Window,
  amount: "captured_micros" | "checkpoint_micros" = "captured_micros",
): number {
  let sum = 0;
  for (const row of spendRows(sql, budget.mode, window)) {
    if (spendScopes(row).includes(scopeKey(budget.scope))) sum += row[amount];
  }
  return sum;
}

const spendRows = (sql: SqlStorage, mode: Mode, window: Window): SqlStorageCursor<SpendRow> =>
  sql.exec<SpendRow>(
    "SELECT * FROM spend WHERE mode = ? AND bucket >= ? AND bucket < ?",
    mode,
    window.start === null ? 0 : bucketOf(window.start),
    window.end === null ? Number.MAX_SAFE_INTEGER : bucketOf(window.end),
  );

const spendScopes = (row: SpendRow): string[] =>
  scopesOf({
    team: row.team === "" ? null : row.team,
    keyId: row.key_id,
    model: row.model,
    tags: JSON.parse(row.tags) as Record<string, string>,
  });
