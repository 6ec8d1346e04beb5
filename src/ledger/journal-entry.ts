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
  admittedAt: number;
}

/** Why a hold ended, in the words of the tracker. */
export type JobOutcome = "completed" | "failed" | "cancelled" | "never_sent" | "expired";

export type EntryBody =
  | { kind: "hold"; job: JobFacts }
  | { kind: "capture"; job: JobFacts; outcome: JobOutcome; endedAt: number }
  | { kind: "release"; job: JobFacts; outcome: JobOutcome; reason: string; endedAt: number }
  /** The tracker lost (or found again) what became of the POST; the hold stays. */
  | { kind: "unknown"; jobId: string; entered: boolean }
  | { kind: "needs_operator"; jobId: string; reason: string };

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
