import type { JobOutcome, Mode } from "../ledger/journal-entry.ts";
import type { PredictionResult } from "../upstream/answers.ts";

/**
 * queued      stored, not sent (or certainly created nothing so far)
 * submitting  the one POST is on its way
 * unknown     the POST may have created a task, or not
 * running     WaveSpeed has the task
 * completed, failed, cancelled, expired   ended
 * void        a tombstone: never started, and never to be
 */
export type JobState =
  | "queued"
  | "submitting"
  | "unknown"
  | "running"
  | "completed"
  | "failed"
  | "cancelled"
  | "expired"
  | "void";

/** Why WaveSpeed refused the input; shown to the tenant as it came. */
export interface UpstreamRefusal {
  status: number;
  code: number;
  message: string;
}

export interface PendingSettlement {
  action: "capture" | "release";
  outcome: JobOutcome;
  reason: string;
  /** Who decided it, where that was a person. */
  resolvedBy?: string;
}

export interface JobTerms {
  keyId: string;
  rateVersion: number;
  pricingVersion: number;
  /** The quote that made the price, if one did. */
  quote: string | null;
}

/** Whom to tell how a job ended. */
export interface JobNotify {
  /** The webhook that came with its submit; null: the tenant's standing endpoints only. */
  url: string | null;
  /** Of the gateway, as the tenant reaches it: for the URLs in what is told. */
  origin: string;
}

/** A tracker's row. Times are epoch ms; `nextAt` null means that nothing is left to do. */
export interface Job {
  id: string;
  tenant: string;
  mode: Mode;
  model: string;
  priceMicros: number;
  /** What WaveSpeed charges for it. */
  costMicros: number;
  state: JobState;
  /** By whose key and at which prices it was admitted; null: an older version kept none. */
  terms: JobTerms | null;
  upstreamId: string | null;
  /** WaveSpeed's own word while it works. */
  upstreamStatus: string | null;
  /** The account that sends it, or has; and those that may, the preferred first. */
  account: string;
  accounts: string[];
  /** Its place among its tenant's jobs, and the tenant's share of turns. */
  priority: number;
  weight: number;
  inputHash: string;
  /** Until when its tenant may read the input; null: it is not kept, or not any more. */
  inputUntil: number | null;
  /** It was to be kept for longer, and gave way to newer ones. */
  inputDropped: boolean;
  /** Of its body, stored or not any more. */
  inputBytes: number;
  createdAt: number;
  /** When the tracker had it. */
  queuedAt: number | null;
  /** When the last POST began. */
  sentAt: number | null;
  /** When its POST's outcome was lost, and when WaveSpeed was known to have the task. */
  unknownAt: number | null;
  runningAt: number | null;
  endedAt: number | null;
  nextAt: number | null;
  /** Attempts in a row that did not get on: the exponent of the back-off. */
  attempts: number;
  /** Complete list walks without a candidate, and when the last one was. */
  walks: number;
  walkedAt: number | null;
  /** Since when WaveSpeed has answered 404, or a word nobody knows. */
  oddSince: number | null;
  settlement: PendingSettlement | null;
  /** What became of the hold, and when the ledger had it. */
  settled: PendingSettlement["action"] | null;
  settledAt: number | null;
  /**
   * When it is compared with WaveSpeed's bill, which it was if that is not beyond its tracker's mark; how often that said nothing
   * yet; when it was, and what the bill says, where that differs. Also of those that agreed, in rows of an older version.
   */
  reconcileAt: number | null;
  reconcileTries: number;
  reconciledAt: number | null;
  billedMicros: number | null;
  /** Why what a late task cost is nobody's to pay, until the ledger has written that down; then `lossBooked`. */
  loss: string | null;
  lossBooked: boolean;
  result: PredictionResult | null;
  refusal: UpstreamRefusal | null;
  /** Signature of the last webhook that was believed. */
  hookSeen: string | null;
  claimed: boolean;
  needsOperator: boolean;
  /** Not to be sent again, should it turn out that it was not. */
  cancelAsked: boolean;
  /** The tenant does not want to see it any more; it is followed until its money is settled. */
  deletedAt: number | null;
  /** Null: nobody wants to hear of it. */
  notify: JobNotify | null;
  /** When the tenant's desk is told next; null: there is nothing to tell, or not any more. */
  notifyAt: number | null;
  /** The one unclaimed task that the last complete walk found, if it found one. */
  candidate: string | null;
  outcome: JobOutcome | null;
  /** Its tenant wants the outputs themselves, as base64, when it reads the result. */
  base64Output: boolean;
}

/** What a tenant is shown of a job. */
export type ShownJob = Pick<
  Job,
  | "id"
  | "mode"
  | "model"
  | "state"
  | "upstreamStatus"
  | "priceMicros"
  | "createdAt"
  | "runningAt"
  | "endedAt"
  | "result"
  | "refusal"
  | "outcome"
  | "deletedAt"
  | "base64Output"
>;

export const ENDED: ReadonlySet<JobState> = new Set<JobState>(["completed", "failed", "cancelled", "expired", "void"]);
