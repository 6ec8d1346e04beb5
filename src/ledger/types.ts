import type { AuditJob, AuditStep } from "./audit/audit-types.ts";
import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import type { QuoteClaims } from "../keys/quote-token.ts";
import type { TenantPricing } from "../money/tenant-price.ts";
import type { BookedLoss } from "./record-loss.ts";
import type { Changed, ChangeInput, ChangeKind, ChangeMeta } from "./changes.ts";
import type { JobFacts, JobOutcome, JournalEntry, Mode, JobPriceBasis } from "./journal-entry.ts";
import type { Standing } from "./standing.ts";

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
  /** Whole percents of the limit that raise an event, once per window each. */
  thresholds: number[];
}

/** A budget with what its current window has used. Times are epoch ms; null: the window has no end. */
export interface BudgetState extends Budget {
  capturedMicros: number;
  heldMicros: number;
  heldJobs: number;
  windowStart: number | null;
  windowEnd: number | null;
  /** Thresholds that this window has passed. */
  reached: number[];
}

/** What a tenant has to draw on; `limitMicros` is how far below zero the balance may go (0: prepaid). */
export interface Credit {
  balanceMicros: number;
  heldMicros: number;
  heldJobs: number;
  limitMicros: number;
}

export type LimitScope = Extract<BudgetScope, { kind: "tenant" | "team" | "key" }>;

/** Limits of rate and number; null: not limited in that way. */
export interface Limit {
  id: string;
  mode: Mode;
  scope: LimitScope;
  requestsPerMinute: number | null;
  /** Submits that an idle caller may send at once. */
  burst: number | null;
  concurrentJobs: number | null;
  submitsPerDay: number | null;
}

export interface LimitState extends Limit {
  runningJobs: number;
  submitsToday: number;
}

/** A limit that a submit came under, and how it stands once that is decided. */
export interface Quota {
  /** Its name, printable ASCII. */
  policy: string;
  /** What it allows in all, in `unit`. */
  quota: number;
  /** null: it counts what is under way now and has no window. */
  windowSeconds: number | null;
  unit: "requests" | "concurrent-requests";
  remaining: number;
  /** Whole seconds from now, rounded up; null: nobody knows. */
  resetSeconds: number | null;
}

export type TenantStatus = "active" | "suspended";

export interface TenantInfo {
  tenant: string;
  name: string;
  timeZone: string;
  createdAt: number;
  status: TenantStatus;
  /** Why it is suspended; shown to whoever is refused. */
  statusReason: string;
  pricing: TenantPricing;
  handling: JobHandling;
  /** Web pages from which browsers may call with the tenant's keys, as origins; empty: none. */
  allowedOrigins: readonly string[];
  uploads: UploadRules;
}

/** Which files a tenant may upload. */
export interface UploadRules {
  bytesMax: number;
  /** `image/png`, or `image/*`; null: any. */
  types: string[] | null;
}

/** What an operator sets of how a tenant's jobs are treated. */
export type QueueHandling = Pick<JobHandling, "queueWeight" | "keepInputsDays">;

/** How a tenant's jobs are treated beside their money. */
export interface JobHandling {
  /** The tenant's share of turns where jobs wait for an upstream account, 1 to 100. */
  queueWeight: number;
  /** For how long the input of a job is kept after it was sent; 0: not at all. */
  keepInputsDays: number;
  /** Standing webhook endpoints that are enabled, as the tenant's desk last said. */
  webhookEndpoints: number;
}

export const KEY_SCOPES = ["submit", "read", "cancel", "upload"] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface ApiKey {
  id: string;
  name: string;
  mode: Mode;
  team: string | null;
  /** null: every model. */
  models: string[] | null;
  scopes: KeyScope[];
  /** Address ranges (CIDR) it may be used from; null: any. */
  ips: string[] | null;
  /** Equal submits within this time are one job; 0: never. */
  dedupeWindowSeconds: number;
  createdAt: number;
  expiresAt: number | null;
  disabledAt: number | null;
  revokedAt: number | null;
  /** Coarse: written once an hour at most. */
  lastUsedAt: number | null;
  /** The newest secret first; the others work until they expire. */
  secrets: KeySecret[];
}

/** One of a key's secrets, as it can be shown. */
export interface KeySecret {
  /** First characters of the key, to recognise it by. */
  prefix: string;
  /** Version of the gateway's secret that it was made under. */
  secretVersion: number;
  createdAt: number;
  /** null: the secret in use. */
  expiresAt: number | null;
}

/** What the edge knows of a key: `keyHash` is HMAC-SHA256 (hex) under the gateway's secret. */
export interface Caller {
  keyId: string;
  keyHash: string;
  mode: Mode;
  /** Address of the client, as the edge saw it; null: not known. */
  ip: string | null;
}

export interface ReserveRequest {
  caller: Caller;
  model: string;
  seconds: number;
  tags: Record<string, string>;
  /** Prices in play, with the whole job's cost by each; the ledger picks by its own clock. */
  rates: OfferedRate[];
  /** A quote that the edge found genuine, or null. */
  quote: QuoteClaims | null;
  /** Why the edge would not admit it (switched off, unpriced, paused, settings too old), or null. */
  refusal: Refusal | null;
  idempotencyKey: string | null;
  /** SHA-256 (hex) of model, gateway flags and canonical input. */
  bodyHash: string;
  /** How long a tracker takes to answer a start, as the edge has lately seen it, in ms; absent: it has seen none. */
  startMs?: number;
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

/** One version of a model's rate, as the edge offers it. */
export interface OfferedRate {
  version: number;
  effectiveFrom: number;
  unit: "second" | "run";
  /** What WaveSpeed charges, per unit and for the whole job. */
  unitMicros: number;
  costMicros: number;
}

/** What became of a submit, and what its reply should say of the caller's limits and key. */
export type Admission = Result<Reservation, Refusal> & {
  quotas: Quota[];
  /** When the secret that was used stops working, if it does; epoch ms. */
  keyExpiresAt: number | null;
  handling: JobHandling;
};

/** A key that was found good; `secretExpiresAt` as in `Admission.keyExpiresAt`. */
export interface Authenticated {
  key: ApiKey;
  tenant: TenantInfo;
  secretExpiresAt: number | null;
}

export interface Priced {
  costMicros: number;
  priceMicros: number;
  rateVersion: number;
  pricingVersion: number;
  basis: JobPriceBasis;
}

/** How a job's hold ends. */
export interface Settlement {
  jobId: string;
  action: "capture" | "release";
  outcome: JobOutcome;
  reason: string;
  /** Who decided it, where that was a person. */
  resolvedBy?: string;
}

/** RPC surface of TenantLedger. Every method answers with a value; a throw is a bug. */
export interface TenantLedgerApi {
  /** Creates the tenant; the same call again changes nothing. */
  provision(input: { tenant: string; name: string; timeZone: string }): Promise<TenantInfo>;
  describe(): Promise<TenantInfo | null>;
  /** Changes keys, budgets, limits, credit, pricing or state; see `changes.ts`. One transaction. */
  change<K extends ChangeKind>(kind: K, input: ChangeInput<K>, meta?: ChangeMeta): Promise<Changed<K>>;
  /** At most 1,000 keys, newest first. */
  listKeys(): Promise<ApiKey[]>;
  budgets(): Promise<BudgetState[]>;
  limits(): Promise<LimitState[]>;
  credit(): Promise<Credit | null>;
  standing(): Promise<Standing>;
  authenticate(caller: Caller): Promise<Result<Authenticated, Refusal>>;
  /** What a job would be held at now; holds nothing. Null: none of the rates is in force. */
  price(job: { model: string; seconds: number; rates: OfferedRate[] }): Promise<Priced | null>;
  reserve(request: ReserveRequest): Promise<Admission>;
  settle(input: Settlement): Promise<"settled" | "not_open">;
  /** The same for several jobs, all or none; answers in their order. */
  settleAll(inputs: Settlement[]): Promise<("settled" | "not_open")[]>;
  /** A task completed, or was charged, after its hold was given back: journaled, once. */
  recordLoss(loss: Loss): Promise<"recorded" | "known" | "held">;
  /** What was journaled as the loss of a job; null: nothing was. */
  lossOf(jobId: string): Promise<BookedLoss | null>;
  /** Marks in the journal what the tracker reports of an open job; the same note again is dropped. */
  note(input: {
    jobId: string;
    kind: "unknown_entered" | "unknown_left" | "needs_operator";
    reason: string;
  }): Promise<void>;
  /** Cancels those jobs of a key that were not sent yet, in the shards after `afterShard` (-1: all). A bounded slice. */
  cancelQueued(keyId: string, afterShard: number): Promise<CancelSlice>;
  /** Journal entries after `afterSeq`, at most `limit` (1..500). */
  entries(afterSeq: number, limit: number): Promise<{ entries: JournalEntry[]; headSeq: number }>;
  /** Touches itself, every tracker with an open hold, and the webhook desk: one whose alarm was lost arms it again. */
  wakeTrackers(): Promise<void>;
  /** One bounded step of an audit: null begins one. `auditLedger` calls it until it is done. */
  auditStep(run: string | null): Promise<AuditStep>;
  /**
   * Begins an audit as a job: from the last checkpoint, or (full) the replay of everything, archived entries
   * included. The one that runs already, if there is one.
   */
  beginAudit(input: { full: boolean }): Promise<AuditJob>;
  auditJob(id: string): Promise<AuditJob | null>;
}

/** A task that WaveSpeed charges, of a job that nobody pays for any more. `undelivered`: it made nothing. */
export interface Loss {
  jobId: string;
  costMicros: number;
  upstreamId: string;
  reason: string;
  undelivered?: true;
}

/** Trackers asked, and of them those that did not answer; `nextShard` null: there are no more to ask. */
export interface CancelSlice {
  asked: number;
  failed: number;
  nextShard: number | null;
}
