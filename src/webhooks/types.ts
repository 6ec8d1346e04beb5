import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";

export const JOB_EVENTS = ["job.completed", "job.failed", "job.cancelled", "job.expired"] as const;
export type JobEventName = (typeof JOB_EVENTS)[number];
export type EventName = JobEventName | "test";

/** Whose scheme is in `webhook-signature`: Standard Webhooks', or WaveSpeed's own. */
export const SIGNATURE_SCHEMES = ["standard", "wavespeed"] as const;
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

/** What a tracker says of a job that has ended. */
export interface Notice {
  /** The `webhook-id` of all its deliveries. */
  eventId: string;
  event: JobEventName;
  jobId: string;
  mode: Mode;
  /** The URL that came with the submit, or null. */
  url: string | null;
  /** JSON: the prediction, as it will be sent. */
  body: string;
}

export type DisabledReason = "operator" | "gone" | "failing";

/** A standing endpoint. Times are epoch ms. */
export interface Endpoint {
  id: string;
  url: string;
  events: JobEventName[];
  /** Whose jobs it hears of; null: both. */
  mode: Mode | null;
  signature: SignatureScheme;
  description: string;
  createdAt: number;
  /** Since when it has answered nothing but failures; null: it has not. */
  failingSince: number | null;
  /** Null: it is enabled. */
  disabled: DisabledReason | null;
  disabledAt: number | null;
}

export type EndpointInput = Pick<Endpoint, "url" | "events" | "mode" | "signature" | "description">;
export type EndpointChange = Partial<EndpointInput> & { enabled?: boolean };

export const DELIVERY_STATES = ["pending", "delivered", "failed", "dropped"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why a delivery failed for good. */
export type DeliveryEnd = "exhausted" | "gone" | "too_late" | "endpoint_disabled" | "url_refused" | "job_deleted";

/** One event on its way to one receiver. Times are epoch ms. */
export interface Delivery {
  /** 16 lower-case hex digits, rising with time. */
  id: string;
  eventId: string;
  event: EventName;
  /** Null: a test. */
  jobId: string | null;
  /** Null: it goes to the URL of its submit. */
  endpointId: string | null;
  url: string;
  signature: SignatureScheme;
  state: DeliveryState;
  end: DeliveryEnd | null;
  /** Attempts in all, and in this round: a replay begins another. */
  attempts: number;
  tries: number;
  roundAt: number;
  createdAt: number;
  nextAt: number | null;
  endedAt: number | null;
}

/** What became of one attempt. */
export interface AttemptOutcome {
  delivered: boolean;
  /** 410: the receiver is there no more. */
  gone: boolean;
  /** Null: there was no answer. */
  status: number | null;
  ms: number;
  /** In words, where it failed. */
  error: string | null;
  /** The first bytes of the answer. */
  reply: string;
  retryAfterMs: number | null;
}

/** An attempt as the log has it. */
export interface Attempt {
  attempt: number;
  at: number;
  status: number | null;
  ms: number;
  error: string | null;
  reply: string;
}

export interface DeliveryQuery {
  endpointId?: string;
  jobId?: string;
  state?: DeliveryState;
  /** Only those older than this delivery. */
  before: string | null;
  limit: number;
}

export interface WebhookSecrets {
  secret: string;
  createdAt: number;
  /** The secret before it, while it still signs too. */
  previousUntil: number | null;
}

/** An Idempotency-Key of a management call that makes something; hashes, as `changeMeta` has them. */
export interface OnceKey {
  scope: string;
  bodyHash: string;
}

/** RPC surface of WebhookDesk. The tenant comes with every call that may be an object's first. */
export interface WebhookDeskApi {
  /** Makes the deliveries of these events; the same again makes nothing. */
  accept(tenant: string, notices: Notice[]): Promise<void>;
  /** These jobs were deleted: nothing more is said of them. */
  forget(tenant: string, jobIds: string[]): Promise<void>;
  /** The tenant's secret, made when it is first asked for or needed. */
  secret(tenant: string): Promise<WebhookSecrets>;
  /** A new secret; the one in use signs beside it for so long. */
  rotateSecret(tenant: string, overlapSeconds: number): Promise<WebhookSecrets>;
  createEndpoint(
    tenant: string,
    input: EndpointInput,
    once: OnceKey | null,
  ): Promise<Result<Endpoint, Refusal> & { replayed: boolean }>;
  /** All of them: 20 at most, the newest first. */
  endpoints(): Promise<Endpoint[]>;
  updateEndpoint(tenant: string, id: string, change: EndpointChange): Promise<Result<Endpoint, Refusal>>;
  /** False: there is none. */
  deleteEndpoint(tenant: string, id: string): Promise<boolean>;
  /** Sends a test event there, once. */
  testEndpoint(tenant: string, id: string, origin: string): Promise<Result<Delivery, Refusal>>;
  /** Newest first, one more than `limit` where there are more. */
  deliveries(query: DeliveryQuery): Promise<Delivery[]>;
  delivery(id: string): Promise<{ delivery: Delivery; attempts: Attempt[]; body: string | null } | null>;
  replay(id: string): Promise<Result<Delivery, Refusal>>;
  /** Being touched is enough: a desk whose alarm was lost arms it again. */
  wake(): Promise<void>;
}
