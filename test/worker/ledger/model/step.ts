import type { BudgetScope, KeyScope, LimitScope, WindowKind } from "../../../../src/ledger/types.ts";
import type { JobOutcome, Mode } from "../../../../src/ledger/journal-entry.ts";
import type { TenantPricing } from "../../../../src/money/tenant-price.ts";

/** One thing that may happen to a ledger, as plain data: `pick` and the like choose among what is there. */
export type Step =
  | Submit
  | { do: "quote"; key: number; model: number; seconds: number; lifeMs: number }
  | { do: "settle"; pick: number; action: "capture" | "release"; outcome: JobOutcome; stranger: boolean }
  | { do: "note"; pick: number; kind: "unknown_entered" | "unknown_left" | "needs_operator" }
  | { do: "arrive"; pick: number }
  | { do: "alarm" }
  | { do: "authenticate"; key: number; secret: number }
  | { do: "publish"; model: number; unit: "second" | "run"; unitMicros: number; leadMs: number }
  | { do: "change"; change: Change; once: number | null }
  | { do: "again"; pick: number; otherBody: boolean }
  | { do: "wait"; ms: number }
  | { do: "wait_for_window"; kind: Exclude<WindowKind, "total">; zone: number | null; offset: number }
  | { do: "wait_for_rate"; pick: number; offset: number }
  | { do: "clock_back"; ms: number }
  | { do: "forget" }
  | { do: "audit" };

export interface Submit {
  do: "submit";
  key: number;
  /** Which of its secrets, the newest first; those that were forgotten are there too. */
  secret: number;
  wrong: "mode" | "id" | "hash" | null;
  model: number;
  seconds: number;
  tags: number;
  ip: number;
  /** What the edge knows of the price list. */
  offer: "all" | "first" | "last" | "none";
  quote: { pick: number; fit: boolean; foreign: boolean } | null;
  idempotency: number | null;
  body: number;
  refusal: "paused" | "unknown_model" | null;
  /** Such submits at once. */
  times: number;
}

export type Change =
  | ({ kind: "put_budget"; slot: number; mode: Mode; scope: number; window: WindowKind; zone: number | null } & Amounts)
  | { kind: "delete_budget"; slot: number }
  | ({ kind: "put_limit"; slot: number; mode: Mode; scope: number } & LimitNumbers)
  | { kind: "delete_limit"; slot: number }
  | { kind: "top_up" | "adjust_credit"; amountMicros: number; aboveUsed: boolean }
  | { kind: "set_credit_limit"; limitMicros: number }
  | { kind: "close_credit"; atZero: boolean }
  | { kind: "set_pricing"; pricing: Omit<TenantPricing, "version"> }
  | { kind: "set_status"; status: "active" | "suspended" }
  | ({ kind: "create_key"; mode: Mode } & KeySettings)
  | ({ kind: "update_key"; key: number; disabled?: boolean } & Partial<KeySettings>)
  | { kind: "rotate_key"; key: number; overlapSeconds: number; times: number }
  | { kind: "revoke_key"; key: number };

interface Amounts {
  limitMicros: number;
  /** The limit leaves this much above what is used. */
  aboveUsed: boolean;
  thresholds: number[] | null;
}

export interface LimitNumbers {
  requestsPerMinute: number | null;
  burst: number | null;
  concurrentJobs: number | null;
  submitsPerDay: number | null;
}

export interface KeySettings {
  team: string | null;
  models: string[] | null;
  scopes: KeyScope[];
  ips: number | null;
  dedupeWindowSeconds: number;
  /** From now; null: it never ends. */
  lifeMs: number | null;
}

export const MODELS = ["a/cheap", "b/dear", "c/odd"] as const;

export const TAGS: readonly Record<string, string>[] = [
  {},
  { shot: "12" },
  { project: "alpha" },
  { project: "alpha", shot: "12" },
  { project: "beta" },
];

/** Budgets and limits that there may be at once. */
export const SLOTS = 5;
export const budgetId = (slot: number): string => (slot === SLOTS - 1 ? "sandbox-default" : `b${slot}`);

/** The n-th key of a history. */
export const keyId = (n: number): string => n.toString(16).padStart(16, "0");

/** The narrow ones come first for limits, which have no others. */
export const SCOPES: readonly BudgetScope[] = [
  { kind: "tenant" },
  { kind: "team", team: "film" },
  { kind: "team", team: "ads" },
  { kind: "key", key: keyId(0) },
  { kind: "key", key: keyId(1) },
  { kind: "model", model: MODELS[0] },
  { kind: "model", model: MODELS[1] },
  { kind: "tag", name: "shot", value: "12" },
  { kind: "tag", name: "project", value: "alpha" },
];
export const LIMIT_SCOPES = SCOPES.slice(0, 5) as readonly LimitScope[];

/** Allow lists, and which of ADDRESSES each lets in: said, not computed. */
export const ADDRESSES = [null, "203.0.113.7", "203.0.114.7", "2001:db8::1", "::ffff:203.0.113.9"] as const;
export const ALLOW_LISTS: readonly { list: string[]; lets: readonly (string | null)[] }[] = [
  { list: ["203.0.113.0/24"], lets: ["203.0.113.7", "::ffff:203.0.113.9"] },
  { list: ["203.0.113.7/32", "2001:db8::/32"], lets: ["203.0.113.7", "2001:db8::1"] },
  { list: [], lets: [] },
];
