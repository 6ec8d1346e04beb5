import { findHold } from "./hold-store.ts";
import { appendEntry } from "./journal-store.ts";
import { readState, type LedgerMemory } from "./ledger-state.ts";
import type { Loss } from "./types.ts";

/**
 * Journals what WaveSpeed charged for a task whose hold was given back. The tenant is not charged. Once for
 * each job; `held`: the hold is open, so this is no loss but a capture.
 */
export function recordLoss(sql: SqlStorage, memory: LedgerMemory, loss: Loss): "recorded" | "known" | "held" {
  const state = readState(sql, memory);
  if (!state) return "known";
  if (findHold(sql, loss.jobId)) return "held";
  const { jobId, costMicros, upstreamId } = loss;
  const added = sql
    .exec(
      "INSERT INTO losses (job_id, cost_micros, upstream_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING job_id",
      jobId,
      costMicros,
      upstreamId,
      state.now,
    )
    .toArray();
  if (added.length === 0) return "known";
  const entry = { kind: "loss", ...loss } as const;
  const head = appendEntry(sql, entry, state.now, state.tenant.timeZone, state.head);
  state.counters.append(state, head, entry);
  return "recorded";
}

/** `at`: when it was journaled, epoch ms. */
export interface BookedLoss {
  costMicros: number;
  at: number;
}

/** What was journaled as the loss of a job; null: nothing was. */
export function lossOf(sql: SqlStorage, jobId: string): BookedLoss | null {
  const row = sql.exec("SELECT cost_micros, at FROM losses WHERE job_id = ?", jobId).toArray()[0];
  return row ? { costMicros: Number(row["cost_micros"]), at: Number(row["at"]) } : null;
}
