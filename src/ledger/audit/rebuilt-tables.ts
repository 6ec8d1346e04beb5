import type { JobFacts } from "../journal-entry.ts";
import { findSpend } from "./base-store.ts";
import { spendItem, type CheckpointTotals } from "./checkpoint.ts";
import type { Differences } from "./differences.ts";
import { sameFacts } from "./fold-entry.ts";
import type { MultisetDigest } from "./multiset-digest.ts";
import type { Replayed } from "./replayed.ts";
import { parseSpendKey } from "./spend-key.ts";

/**
 * `audit_spend` and `audit_holds`: what a full audit has rebuilt so far. In tables and not in memory,
 * since there may be millions, and so that an eviction loses nothing.
 */

/** Adds what a run of entries changed. */
export function mergeReplayed(sql: SqlStorage, replayed: Replayed, differences: Differences): void {
  for (const [id, job] of replayed.ended) mergeEnd(sql, id, job, differences);
  for (const [id, job] of replayed.opened) {
    const { rowsWritten } = sql.exec(
      "INSERT INTO audit_holds (job_id, facts) VALUES (?, ?) ON CONFLICT DO NOTHING",
      id,
      JSON.stringify(job),
    );
    if (rowsWritten === 0) differences.add(`job ${id}: held twice`);
  }
  for (const [key, micros] of replayed.spend) {
    sql.exec(
      `INSERT INTO audit_spend (key, captured_micros) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET captured_micros = captured_micros + excluded.captured_micros`,
      key,
      micros,
    );
  }
}

function mergeEnd(sql: SqlStorage, id: string, job: JobFacts, differences: Differences): void {
  const held = sql.exec("DELETE FROM audit_holds WHERE job_id = ? RETURNING facts", id).toArray()[0];
  if (!held) differences.add(`job ${id}: ended without an open hold`);
  else if (!sameFacts(JSON.parse(String(held["facts"])) as JobFacts, job)) {
    differences.add(`job ${id}: ended with other facts than it was held with`);
  }
}

/** Takes away at most `rowsMax` rows that an audit left. True: there are none any more. */
export function clearRebuilt(sql: SqlStorage, rowsMax: number): boolean {
  for (const [table, key] of [
    ["audit_spend", "key"],
    ["audit_holds", "job_id"],
  ]) {
    const { rowsWritten } = sql.exec(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} LIMIT ?)`,
      rowsMax,
    );
    if (rowsWritten > 0) return false;
  }
  return true;
}

/** How far a page came; `last`: there is nothing more to compare. */
interface ComparedPage {
  last: boolean;
  /** The last open hold of the checkpoint that was compared. */
  holdsAfter: string;
}

/** Compares the next rows with what lies at the checkpoint, and takes them away: `rowsMax` in all at most. */
export function compareBase(
  sql: SqlStorage,
  rowsMax: number,
  after: string,
  digest: MultisetDigest,
  differences: Differences,
): ComparedPage {
  const spend = compareSpendPage(sql, rowsMax, digest, differences);
  if (spend >= rowsMax) return { last: false, holdsAfter: after };
  const holds = compareHoldsPage(sql, rowsMax - spend, after, differences);
  const left = rowsMax - spend - holds.rows;
  const last = left > 0 && nameStrangers(sql, left, differences) < left;
  return { last, holdsAfter: holds.after };
}

function compareSpendPage(sql: SqlStorage, rowsMax: number, digest: MultisetDigest, differences: Differences): number {
  const page = sql.exec("SELECT key, captured_micros FROM audit_spend ORDER BY key LIMIT ?", rowsMax).toArray();
  for (const row of page) {
    const [key, rebuilt] = [String(row["key"]), Number(row["captured_micros"])];
    if (rebuilt !== 0) digest.add(spendItem(key, rebuilt));
    const kept = findSpend(sql, parseSpendKey(key))?.checkpointMicros ?? 0;
    if (kept !== rebuilt) {
      differences.add(`spend ${key}: ${kept} micro-dollars at the checkpoint, ${rebuilt} from the journal`);
    }
  }
  const last = page.at(-1);
  if (last) sql.exec("DELETE FROM audit_spend WHERE key <= ?", last["key"]);
  return page.length;
}

/** Holds of the checkpoint, each with what was rebuilt of it. */
function compareHoldsPage(
  sql: SqlStorage,
  rowsMax: number,
  after: string,
  differences: Differences,
): { rows: number; after: string } {
  const page = sql
    .exec(
      `SELECT c.job_id, c.facts = r.facts AS same FROM checkpoint_holds AS c
         LEFT JOIN audit_holds AS r ON r.job_id = c.job_id
       WHERE c.job_id > ? ORDER BY c.job_id LIMIT ?`,
      after,
      rowsMax,
    )
    .toArray();
  for (const row of page) {
    if (row["same"] !== 1)
      differences.add(`job ${String(row["job_id"])}: open at the checkpoint, but not so in the journal`);
  }
  const last = page.at(-1);
  if (!last) return { rows: 0, after };
  const to = String(last["job_id"]);
  sql.exec(
    "DELETE FROM audit_holds WHERE job_id IN (SELECT job_id FROM checkpoint_holds WHERE job_id > ? AND job_id <= ?)",
    after,
    to,
  );
  return { rows: page.length, after: to };
}

/** What is left of the rebuilt holds once those of the checkpoint have gone. */
function nameStrangers(sql: SqlStorage, rowsMax: number, differences: Differences): number {
  const page = sql.exec("SELECT job_id FROM audit_holds ORDER BY job_id LIMIT ?", rowsMax).toArray();
  for (const row of page) {
    differences.add(`job ${String(row["job_id"])}: open in the journal, but not so at the checkpoint`);
  }
  const last = page.at(-1);
  if (last) sql.exec("DELETE FROM audit_holds WHERE job_id <= ?", last["job_id"]);
  return page.length;
}

type Sums = Pick<CheckpointTotals, "captured" | "credit">;

export const sameSums = (a: Sums, b: Sums): boolean =>
  a.captured.live === b.captured.live &&
  a.captured.test === b.captured.test &&
  a.credit.balanceMicros === b.credit.balanceMicros &&
  a.credit.limitMicros === b.credit.limitMicros;
