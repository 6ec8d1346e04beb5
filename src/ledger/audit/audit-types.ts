export interface AuditReport {
  consistent: boolean;
  /** Entries that were replayed, from `fromSeq` to `verifiedToSeq`. */
  entries: number;
  /** Of the whole ledger, live and test. Micro-dollars. */
  capturedMicros: number;
  heldMicros: number;
  openHolds: number;
  differences: string[];
  fromSeq: number;
  /** The head when it began, or later. */
  verifiedToSeq: number;
  /** The one that it stands on, perhaps moved by this audit. `at`: epoch ms. */
  checkpoint: { seq: number; at: number } | null;
}

/** `lost`: the object was evicted, or another audit moved the checkpoint. Begin again. */
export type AuditStep =
  | { state: "running"; run: string; seq: number; targetSeq: number }
  | { state: "lost" }
  | { state: "done"; report: AuditReport };

/** An audit as a job. Times are epoch ms. */
export interface AuditJob {
  id: string;
  /** Replays everything; any other ends after its first phase. */
  full: boolean;
  status: "running" | "completed" | "failed";
  /** anchor: an audit to the head; clear: of an earlier one's rows; then replay and compare up to `targetSeq`. */
  phase: "anchor" | "clear" | "replay" | "compare" | "ended";
  /** Replayed up to here. */
  seq: number;
  targetSeq: number;
  startedAt: number;
  endedAt: number | null;
  /** Why it failed. */
  message: string | null;
  report: AuditReport | null;
}
