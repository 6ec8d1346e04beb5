import type { JobFacts } from "../journal-entry.ts";
import { spendItem, type CheckpointTotals } from "./checkpoint.ts";
import type { Differences } from "./differences.ts";
import { sameFacts } from "./fold-entry.ts";
import type { MultisetDigest } from "./multiset-digest.ts";
import type { Replayed } from "./replayed.ts";
import { parseSpendKey, SPEND_COLUMNS } from "./spend-key.ts";

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

export function compareRebuiltHolds(sql: SqlStorage, differences: Differences): void {
  const named = (query: string, what: string): void => {
    for (const row of sql.exec(query)) differences.add(`job ${String(row["job_id"])}: ${what}`);
  };
  const [rebuilt, kept] = ["SELECT job_id, facts FROM audit_holds", "SELECT job_id, facts FROM checkpoint_holds"];
  named(`${rebuilt} EXCEPT ${kept}`, "open in the journal, but not so at the checkpoint");
  named(`${kept} EXCEPT ${rebuilt}`, "open at the checkpoint, but not so in the journal");
}

/** Compares the next rows with `spend` and `tag_spend` at the checkpoint, and takes them away. True: those were the last. */
export function compareRebuiltSpend(
  sql: SqlStorage,
  rowsMax: number,
  digest: MultisetDigest,
  differences: Differences,
): boolean {
  const page = sql.exec("SELECT key, captured_micros FROM audit_spend ORDER BY key LIMIT ?", rowsMax).toArray();
  for (const row of page) {
    const [key, rebuilt] = [String(row["key"]), Number(row["captured_micros"])];
    if (rebuilt !== 0) digest.add(spendItem(key, rebuilt));
    const kept = checkpointMicros(sql, key);
    if (kept !== rebuilt) {
      differences.add(`spend ${key}: ${kept} micro-dollars at the checkpoint, ${rebuilt} from the journal`);
    }
  }
  const last = page.at(-1);
  if (last) sql.exec("DELETE FROM audit_spend WHERE key <= ?", last["key"]);
  return page.length < rowsMax;
}

function checkpointMicros(sql: SqlStorage, key: string): number {
  const [table, ...columns] = parseSpendKey(key);
  const where = SPEND_COLUMNS[table].map((column) => `${column} = ?`).join(" AND ");
  const row = sql.exec(`SELECT checkpoint_micros FROM ${table} WHERE ${where}`, ...columns).toArray()[0];
  return Number(row?.["checkpoint_micros"] ?? 0);
}

type Sums = Pick<CheckpointTotals, "captured" | "credit">;

export const sameSums = (a: Sums, b: Sums): boolean =>
  a.captured.live === b.captured.live &&
  a.captured.test === b.captured.test &&
  a.credit.balanceMicros === b.credit.balanceMicros &&
  a.credit.limitMicros === b.credit.limitMicros;
