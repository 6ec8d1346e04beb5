import type { PriceBasis } from "../money/tenant-price.ts";

/**
 * The ledger's journal entries. They are also its usage events: numbered per tenant without gaps,
 * delivered to D1 at least once, and enough to rebuild every balance and the whole report.
 */

/** live: real money. test: the sandbox, never billed. */
export type Mode = "live" | "test";

/** What admission froze on a job. Amounts are integer micro-dollars, times are epoch milliseconds. */
export interface JobFacts {
  jobId: string;
  mode: Mode;
  keyId: string;
  team: string | null;
  model: string;
  tags: Record<string, string>;
  seconds: number;
  /** What WaveSpeed charges for the whole job, and what the tenant pays. */
  costMicros: number;
  priceMicros: number;
  rateVersion: number;
  /** How the price came from the cost, and by which version of the tenant's pricing. */
  basis: JobPriceBasis;
  pricingVersion: number;
  /** Counts against the tenant's credit: held now, taken from the balance when captured. */
  onCredit: boolean;
  admittedAt: number;
}

/** A mark-up in basis points on the cost, a fixed price per unit, or a quote that was lower. */
export type JobPriceBasis = PriceBasis | { quote: string };

/** Why a hold ended, in the words of the tracker. */
export type JobOutcome = "completed" | "failed" | "cancelled" | "never_sent" | "expired";

export type EntryBody =
  | { kind: "hold"; job: JobFacts }
  | { kind: "capture"; job: JobFacts; outcome: JobOutcome; endedAt: number }
  | { kind: "release"; job: JobFacts; outcome: JobOutcome; reason: string; endedAt: number }
  /** The tracker lost (or found again) what became of the POST; the hold stays. */
  | { kind: "unknown"; jobId: string; entered: boolean }
  | { kind: "needs_operator"; jobId: string; reason: string }
  /** A person decided what becomes of a hold; the capture or release follows. */
  | { kind: "resolved"; jobId: string; action: "capture" | "release"; reason: string; actor: string }
  /** Given up after 8 days: WaveSpeed may charge for it, the tenant does not pay. Follows the release. */
  | { kind: "write_off"; jobId: string; costMicros: number; reason: string }
  /**
   * A task that WaveSpeed completed, or charged, after its hold was given back: the operator pays. `undelivered`: it was
   * charged and made nothing.
   */
  | { kind: "loss"; jobId: string; costMicros: number; upstreamId: string; reason: string; undelivered?: true }
  /** Money given to the tenant, or taken back. `amountMicros` may be negative. */
  | {
      kind: "credit";
      cause: "top_up" | "adjustment";
      amountMicros: number;
      balanceMicros: number;
      reason: string;
      actor: string;
    }
  /** How far below zero the credit may go; null: it was taken away. */
  | { kind: "credit_limit"; limitMicros: number | null; actor: string }
  /** A budget's window has used this much of its limit for the first time. */
  | {
      kind: "threshold";
      budget: string;
      windowId: string;
      percent: number;
      usedMicros: number;
      limitMicros: number;
    };

/** The job that an entry is about; null: it is about the tenant's money or its budgets. */
export function jobIdOf(body: EntryBody): string | null {
  if ("job" in body) return body.job.jobId;
  return "jobId" in body ? body.jobId : null;
}

export interface JournalEntry {
  /** 1, 2, 3 ... per tenant, without gaps. */
  seq: number;
  /** Epoch milliseconds, the ledger's clock. */
  at: number;
  /** YYYY-MM-DD of `at` in the tenant's time zone. */
  localDay: string;
  body: EntryBody;
  /** SHA-256 (hex) over the previous entry's hash and this entry's canonical JSON. */
  hash: string;
}

/** A batch of entries of one tenant on its way to D1: what the queue carries. */
export interface UsageBatch {
  tenant: string;
  entries: JournalEntry[];
}
