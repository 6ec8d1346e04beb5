import { jobIdOf, type JobFacts, type JobOutcome, type JournalEntry } from "../ledger/journal-entry.ts";
import type { JobStatus } from "./schema.ts";

/** What an entry makes of its job's status. `endedAt` null: the job is still open. */
interface StatusChange {
  seq: number;
  status: JobStatus;
  endedAt: number | null;
  outcome: JobOutcome | null;
  reason: string | null;
  /** Micro-dollars; only a capture has a price. */
  priceMicros: number | null;
}

type Said = Pick<StatusChange, "seq" | "endedAt">;

/** All that a set of entries says of one job; facts null: none of them carried any. */
export interface JobChange {
  jobId: string;
  facts: JobFacts | null;
  change: StatusChange;
  /** When its hold was given back, whatever came after; null: none of them says so. */
  refundedAt: number | null;
}

/** A job that never left the gateway has failed for its owner; `outcome` keeps the difference. */
const STATUS_OF_OUTCOME: Record<JobOutcome, JobStatus> = {
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
  never_sent: "failed",
  expired: "expired",
};

/** Folds entries, in any order, into one change per job: the last word of the journal wins. */
export function jobChanges(entries: readonly JournalEntry[]): JobChange[] {
  const byJob = new Map<string, JobChange>();
  for (const entry of entries) {
    const facts = "job" in entry.body ? entry.body.job : null;
    const jobId = jobIdOf(entry.body);
    const change = statusChange(entry);
    if (jobId === null || change === null) continue;
    const refundedAt = entry.body.kind === "release" ? entry.body.endedAt : null;
    const known = byJob.get(jobId);
    if (known === undefined) {
      byJob.set(jobId, { jobId, facts, change, refundedAt });
      continue;
    }
    known.facts ??= facts;
    known.refundedAt ??= refundedAt;
    if (supersedes(change, known.change)) known.change = change;
  }
  return [...byJob.values()];
}

/** An end beats whatever is not one; otherwise the later entry wins. `upsert-jobs.ts` says the same in SQL. */
export function supersedes(next: Said, current: Said): boolean {
  const nextEnds = next.endedAt !== null;
  const currentEnds = current.endedAt !== null;
  return nextEnds === currentEnds ? next.seq > current.seq : nextEnds;
}

function statusChange({ seq, at, body }: JournalEntry): StatusChange | null {
  const open = { seq, endedAt: null, outcome: null, reason: null, priceMicros: null };
  switch (body.kind) {
    case "hold":
      return { ...open, status: "admitted" };
    case "unknown":
      return { ...open, status: body.entered ? "unknown" : "admitted" };
    case "needs_operator":
      return { ...open, status: "needs_operator", reason: body.reason };
    case "capture":
      return { ...open, ...ended(body), priceMicros: body.job.priceMicros };
    case "release":
      return { ...open, ...ended(body), reason: body.reason };
    case "loss":
      // It stays as it ended.
      if (body.undelivered) return null;
      // Delivered late, and not charged.
      return { ...open, status: "completed", endedAt: at, outcome: "expired", reason: body.reason };
    case "resolved":
    case "write_off":
    case "credit":
    case "credit_limit":
    case "threshold":
      return null;
  }
}

function ended({ outcome, endedAt }: { outcome: JobOutcome; endedAt: number }) {
  return { status: STATUS_OF_OUTCOME[outcome], endedAt, outcome };
}
