import type { JobFacts, JobOutcome } from "../../../../src/ledger/journal-entry.ts";
import type { QuoteClaims } from "../../../../src/keys/quote-token.ts";
import type { ApiKey, Budget, BudgetScope, Limit, TenantStatus } from "../../../../src/ledger/types.ts";
import type { TenantPricing } from "../../../../src/money/tenant-price.ts";
import { localDate } from "./calendar.ts";

/**
 * What a ledger should be, in the plainest words: a list of jobs, and sums over it. Nothing is counted
 * here as it goes, so nothing can be counted wrong; and nothing of src/ledger is called, only its types.
 */
export interface Book {
  tenant: string;
  zone: string;
  /** What the machine's clock shows. */
  clock: number;
  /** The latest time that something was written at: the ledger's clock does not run back behind it. */
  written: number;
  status: TenantStatus;
  pricing: TenantPricing;
  prices: Map<string, ListPrice[]>;
  jobs: Job[];
  budgets: Map<string, KeptBudget>;
  limits: Map<string, KeptLimit>;
  keys: KeptKey[];
  /** null: the tenant has none. */
  creditLimit: number | null;
  /** Top-ups and adjustments. */
  movements: number[];
  quotes: QuoteClaims[];
  /** Idempotency-Keys of changes. */
  onces: Map<string, { body: string; reply: string; at: number }>;
  /** Entries that have to be new in the journal; and how many were found there. */
  journal: Entry[];
  compared: number;
}

export interface ListPrice {
  version: number;
  effectiveFrom: number;
  unit: "second" | "run";
  unitMicros: number;
}

export interface Job {
  facts: Omit<JobFacts, "jobId">;
  /** The ledger names it. */
  id: string;
  state: "held" | "captured" | "released";
  arrived: boolean;
  unknown: boolean;
  needsOperator: boolean;
  /** Under what a repeat of its submit finds it. */
  repeat: { scope: string; body: string; recent: boolean } | null;
  /** A repeat is a new job after all. */
  repeatable: boolean;
}

/** `told`: windows by name, and the thresholds that were told in each. */
export type KeptBudget = Budget & { told: Map<string, Set<number>> };

/** `since`: the first job that it counts submits of. `arrival`: GCRA's, exact, in parts of 1/rate ms. */
export type KeptLimit = Limit & { since: number; arrival: { parts: bigint; rate: bigint } | null };

export type KeptKey = Omit<ApiKey, "secrets" | "lastUsedAt"> & {
  /** The newest first. */
  secrets: { hash: string; expiresAt: number | null }[];
  /** Those that were ever issued, the newest first. */
  issued: string[];
};

/** A journal entry that has to come; the ledger names jobs, so a job's entry is spelled later. */
export interface Entry {
  at: number;
  day: string;
  body: () => Record<string, unknown> & { kind: string };
}

export const newBook = (tenant: string, zone: string, clock: number): Book => ({
  tenant,
  zone,
  clock,
  written: 0,
  status: "active",
  pricing: { version: 1, markupBps: 0, models: {} },
  prices: new Map(),
  jobs: [],
  budgets: new Map(),
  limits: new Map(),
  keys: [],
  creditLimit: null,
  movements: [],
  quotes: [],
  onces: new Map(),
  journal: [],
  compared: 0,
});

export const nowOf = (book: Book): number => Math.max(book.clock, book.written);

export function write(book: Book, body: Entry["body"]): void {
  book.written = nowOf(book);
  book.journal.push({ at: book.written, day: localDate(book.written, book.zone), body });
}

export const factsOf = (job: Job): JobFacts => ({ jobId: job.id, ...job.facts });

export function isCovered(scope: BudgetScope, job: Pick<JobFacts, "team" | "keyId" | "model" | "tags">): boolean {
  if (scope.kind === "team") return job.team === scope.team;
  if (scope.kind === "key") return job.keyId === scope.key;
  if (scope.kind === "model") return job.model === scope.model;
  if (scope.kind === "tag") return job.tags[scope.name] === scope.value;
  return true;
}

export const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

export const pricesOf = (jobs: readonly Job[]): number => sum(jobs.map((job) => job.facts.priceMicros));

/** Ends a job that is held. */
export function end(book: Book, job: Job, action: "capture" | "release", outcome: JobOutcome, reason: string): void {
  job.state = action === "capture" ? "captured" : "released";
  if (outcome === "never_sent" || (action === "release" && job.repeat?.recent)) job.repeatable = true;
  const endedAt = nowOf(book);
  const why = action === "release" ? { reason } : {};
  write(book, () => ({ kind: action, job: factsOf(job), outcome, ...why, endedAt }));
  if (action === "capture" || outcome !== "expired") return;
  write(book, () => ({ kind: "write_off", jobId: job.id, costMicros: factsOf(job).costMicros, reason }));
}
