import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import type { JobFacts, JobOutcome, JournalEntry, Mode } from "./journal-entry.ts";

export type WindowKind = "total" | "day" | "week" | "month";

export type BudgetScope =
  | { kind: "tenant" }
  | { kind: "team"; team: string }
  | { kind: "key"; key: string }
  | { kind: "model"; model: string }
  | { kind: "tag"; name: string; value: string };

export interface Budget {
  id: string;
  mode: Mode;
  scope: BudgetScope;
  window: WindowKind;
  limitMicros: number;
  /** IANA zone in which the window's days begin. */
  timeZone: string;
}

/** A budget with what its current window has used. Times are epoch ms; null: the window has no end. */
export interface BudgetState extends Budget {
  capturedMicros: number;
  heldMicros: number;
  heldJobs: number;
  windowStart: number | null;
  windowEnd: number | null;
}

export interface TenantInfo {
  tenant: string;
  name: string;
  timeZone: string;
  createdAt: number;
}

export interface ApiKey {
  id: string;
  name: string;
  mode: Mode;
  team: string | null;
  /** null: every model. */
  models: string[] | null;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  /** First characters of the key, to recognise it by. */
  prefix: string;
}

/** What the edge knows of a key: `keyHash` is HMAC-SHA256 (hex) under the gateway's secret. */
export interface Caller {
  keyId: string;
  keyHash: string;
  mode: Mode;
}

export interface ReserveRequest {
  caller: Caller;
  model: string;
  seconds: number;
  tags: Record<string, string>;
  /** Whole-job cost (= price before mark-up) by rate version; the ledger picks by its own clock. */
  rates: { version: number; effectiveFrom: number; costMicros: number }[];
  /** Why the edge has no price to offer (switched off, unpriced, settings too old), or null. */
  refusal: Refusal | null;
  idempotencyKey: string | null;
  /** SHA-256 (hex) of model, gateway flags and canonical input. */
  bodyHash: string;
}

export interface Reservation {
  job: JobFacts;
  /** Shard of the tenant's trackers, 0..65535. */
  shard: number;
  /** True: the same Idempotency-Key had made this job before. */
  replayed: boolean;
  /** False once the hold was captured or released. */
  open: boolean;
}

/** RPC surface of TenantLedger. Every method answers with a value; a throw is a bug. */
export interface TenantLedgerApi {
  /** Creates the tenant; the same call again changes nothing. */
  provision(input: { tenant: string; name: string; timeZone: string }): Promise<TenantInfo>;
  describe(): Promise<TenantInfo | null>;
  createKey(input: {
    id: string;
    hash: string;
    prefix: string;
    name: string;
    mode: Mode;
    team: string | null;
    models: string[] | null;
    expiresAt: number | null;
  }): Promise<Result<ApiKey, Refusal>>;
  /** At most 1,000 keys, newest first. */
  listKeys(): Promise<ApiKey[]>;
  revokeKey(keyId: string): Promise<Result<ApiKey, Refusal>>;
  /** Creates or replaces; counts at once what its current window has captured and held. */
  putBudget(budget: Omit<Budget, "timeZone"> & { timeZone: string | null }): Promise<Result<BudgetState, Refusal>>;
  deleteBudget(budgetId: string): Promise<Result<null, Refusal>>;
  budgets(): Promise<BudgetState[]>;
  authenticate(caller: Caller): Promise<Result<{ key: ApiKey; tenant: TenantInfo }, Refusal>>;
  reserve(request: ReserveRequest): Promise<Result<Reservation, Refusal>>;
  /** Trackers say: these jobs are ours now. */
  acknowledge(jobIds: string[]): Promise<void>;
  settle(input: {
    jobId: string;
    action: "capture" | "release";
    outcome: JobOutcome;
    reason: string;
  }): Promise<"settled" | "not_open">;
  /** Marks in the journal what the tracker reports of an open job; the same note again is dropped. */
  note(input: {
    jobId: string;
    kind: "unknown_entered" | "unknown_left" | "needs_operator";
    reason: string;
  }): Promise<void>;
  /** Journal entries after `afterSeq`, at most `limit` (1..500). */
  entries(afterSeq: number, limit: number): Promise<{ entries: JournalEntry[]; headSeq: number }>;
  /** D1 has everything up to `seq`, without a gap. */
  reported(seq: number): Promise<void>;
  /** Touches every tracker with an open hold, so that one whose alarm was lost arms it again. */
  wakeTrackers(): Promise<void>;
  /** One bounded step of an audit: null begins one. `auditLedger` calls it until it is done. */
  auditStep(run: string | null): Promise<AuditStep>;
  /** Begins the replay of everything, archived entries included; the one that runs already, if there is one. */
  beginFullAudit(): Promise<FullAudit>;
  fullAudit(id: string): Promise<FullAudit | null>;
}

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
  /** The last checkpoint, perhaps written by this audit. `at`: epoch ms. */
  checkpoint: { seq: number; at: number } | null;
}

/** `lost`: the object was evicted, or another audit moved the checkpoint. Begin again. */
export type AuditStep =
  | { state: "running"; run: string; seq: number; targetSeq: number }
  | { state: "lost" }
  | { state: "done"; report: AuditReport };

/** A full audit as a job. Times are epoch ms. */
export interface FullAudit {
  id: string;
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
