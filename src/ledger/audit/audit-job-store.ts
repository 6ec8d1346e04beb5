import { GENESIS_HASH } from "../journal-store.ts";
import type { AuditReport, AuditJob } from "./audit-types.ts";
import type { CheckpointTotals } from "./checkpoint.ts";
import { NO_CREDIT, type ReplayedCredit } from "./replayed.ts";

/** Audits that are remembered, the newest. */
const AUDITS_KEPT = 20;

/** An audit's row: the job, and what its next step goes on from. */
export interface AuditJobRow extends Omit<AuditJob, "full"> {
  /** Times that its first phase began. */
  attempts: number;
  /** Chain hash of entry `seq`. */
  hash: string;
  progress: AuditJobProgress;
}

export interface AuditJobProgress {
  /** Whether it goes on with the replay; an older version knew no others. */
  full?: boolean;
  /** What the audit to the head said. */
  anchor: AuditReport | null;
  captured: CheckpointTotals["captured"];
  credit: ReplayedCredit;
  differences: { count: number; named: string[] };
  /** Of the rebuilt rows of `spend` and `tag_spend` that were compared. */
  spendDigest: string;
  /** The last open hold of the checkpoint that was compared. */
  holdsAfter?: string;
}

export function insertAudit(sql: SqlStorage, id: string, full: boolean, headSeq: number, now: number): void {
  const progress: AuditJobProgress = {
    full,
    anchor: null,
    captured: { live: 0, test: 0 },
    credit: NO_CREDIT,
    differences: { count: 0, named: [] },
    spendDigest: "0",
  };
  sql.exec(
    `INSERT INTO audits (id, status, phase, hash, target_seq, progress, started_at)
     VALUES (?, 'running', 'anchor', ?, ?, ?, ?)`,
    id,
    GENESIS_HASH,
    headSeq,
    JSON.stringify(progress),
    now,
  );
  sql.exec(
    "DELETE FROM audits WHERE id NOT IN (SELECT id FROM audits ORDER BY started_at DESC, id LIMIT ?)",
    AUDITS_KEPT,
  );
}

export function saveAudit(sql: SqlStorage, row: AuditJobRow): void {
  sql.exec(
    `UPDATE audits SET status = ?, phase = ?, attempts = ?, seq = ?, hash = ?, target_seq = ?, progress = ?,
       ended_at = ?, message = ?, report = ? WHERE id = ?`,
    row.status,
    row.phase,
    row.attempts,
    row.seq,
    row.hash,
    row.targetSeq,
    JSON.stringify(row.progress),
    row.endedAt,
    row.message,
    row.report === null ? null : JSON.stringify(row.report),
    row.id,
  );
}

export function findAudit(sql: SqlStorage, id: string): AuditJobRow | null {
  const row = sql.exec("SELECT * FROM audits WHERE id = ?", id).toArray()[0];
  return row ? toAudit(row) : null;
}

export function runningAudit(sql: SqlStorage): AuditJobRow | null {
  const row = sql.exec("SELECT * FROM audits WHERE status = 'running' LIMIT 1").toArray()[0];
  return row ? toAudit(row) : null;
}

export const isFull = (row: AuditJobRow): boolean => row.progress.full ?? true;

/** Without what only its steps need. */
export function toAuditJob(row: AuditJobRow): AuditJob {
  const { id, status, phase, seq, targetSeq, startedAt, endedAt, message, report } = row;
  return { id, full: isFull(row), status, phase, seq, targetSeq, startedAt, endedAt, message, report };
}

const toAudit = (row: Record<string, SqlStorageValue>): AuditJobRow => ({
  id: String(row["id"]),
  status: String(row["status"]) as AuditJob["status"],
  phase: String(row["phase"]) as AuditJob["phase"],
  attempts: Number(row["attempts"]),
  seq: Number(row["seq"]),
  hash: String(row["hash"]),
  targetSeq: Number(row["target_seq"]),
  progress: JSON.parse(String(row["progress"])) as AuditJobProgress,
  startedAt: Number(row["started_at"]),
  endedAt: row["ended_at"] === null ? null : Number(row["ended_at"]),
  message: row["message"] === null ? null : String(row["message"]),
  report: row["report"] === null ? null : (JSON.parse(String(row["report"])) as AuditReport),
});
