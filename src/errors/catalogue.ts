/**
 * Every refusal there is: the status it answers with, whose fault it is, and whether the same
 * request may succeed later. Handlers name a code; they never pick a status.
 */
export const ERRORS = {
  invalid_request: { status: 400, owner: "client", retryable: false },
  unknown_model: { status: 400, owner: "client", retryable: false },
  model_unpriced: { status: 400, owner: "us", retryable: false },
  upstream_rejected: { status: 400, owner: "client", retryable: false },
  invalid_key: { status: 401, owner: "client", retryable: false },
  key_revoked: { status: 401, owner: "client", retryable: false },
  key_expired: { status: 401, owner: "client", retryable: false },
  key_disabled: { status: 401, owner: "client", retryable: false },
  credit_exhausted: { status: 402, owner: "client", retryable: true },
  budget_exceeded: { status: 402, owner: "client", retryable: true },
  no_budget: { status: 402, owner: "client", retryable: false },
  model_not_allowed: { status: 403, owner: "client", retryable: false },
  scope_missing: { status: 403, owner: "client", retryable: false },
  address_not_allowed: { status: 403, owner: "client", retryable: false },
  tenant_suspended: { status: 403, owner: "client", retryable: false },
  forbidden: { status: 403, owner: "client", retryable: false },
  not_found: { status: 404, owner: "client", retryable: false },
  job_not_found: { status: 404, owner: "client", retryable: false },
  idempotency_conflict: { status: 409, owner: "client", retryable: false },
  quote_mismatch: { status: 409, owner: "client", retryable: false },
  quote_expired: { status: 409, owner: "client", retryable: false },
  conflict: { status: 409, owner: "client", retryable: false },
  body_too_large: { status: 413, owner: "client", retryable: false },
  rate_limited: { status: 429, owner: "capacity", retryable: true },
  too_many_jobs: { status: 429, owner: "capacity", retryable: true },
  daily_limit: { status: 429, owner: "capacity", retryable: true },
  internal: { status: 500, owner: "us", retryable: false },
  gateway_unavailable: { status: 503, owner: "us", retryable: true },
  upstream_unavailable: { status: 503, owner: "upstream", retryable: true },
  paused: { status: 503, owner: "us", retryable: true },
  report_behind: { status: 503, owner: "us", retryable: true },
  settings_stale: { status: 503, owner: "us", retryable: true },
  overloaded: { status: 503, owner: "capacity", retryable: true },
  no_room: { status: 503, owner: "capacity", retryable: true },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  status: 400 | 401 | 402 | 403 | 404 | 409 | 413 | 429 | 500 | 503;
  owner: "client" | "us" | "upstream" | "capacity";
  retryable: boolean;
}

export type ErrorCode = keyof typeof ERRORS;

/** One wrong field: its path (dots), the rule it breaks, and the value that was given, shortened. */
export interface FieldIssue {
  field: string;
  rule: string;
  value: string;
}

/** A refusal as data. `message` is for people and safe to show to a tenant. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  /** Facts for programs: amounts are decimal strings, six decimals. */
  details?: Record<string, unknown>;
  issues?: FieldIssue[];
  retryAfterSeconds?: number;
}

/** Where a refusal that says "later" does not know when: soon enough for people, late enough for us. */
const RETRY_SECONDS = 5;

/** Every 429 and 503 says when to come back, other refusals only where it is known; null: do not repeat it. */
export function retryAfterOf(refusal: Refusal): number | null {
  const { status } = ERRORS[refusal.code];
  const unsaid = status === 429 || status === 503 ? RETRY_SECONDS : null;
  return refusal.retryAfterSeconds === undefined ? unsaid : Math.max(1, Math.ceil(refusal.retryAfterSeconds));
}

/** The key itself is not repeated: it is a text of the client's choice. */
export const IDEMPOTENCY_CONFLICT: Refusal = {
  code: "idempotency_conflict",
  message: "this Idempotency-Key was used with a different body",
};
