import type { Context } from "hono";
import { describeIssues } from "../catalog/index.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";
import type { Quota } from "../ledger/types.ts";
import { ERRORS, retryAfterOf, type FieldIssue, type Refusal } from "../errors/catalogue.ts";

/** WaveSpeed's ordinary answer. Always 200: its clients take nothing else. */
export const succeed = (c: Context, data: unknown): Response => c.json({ code: 200, message: "success", data });

/**
 * A refusal in WaveSpeed's envelope: `message` for people, and what WaveSpeed does not have, an
 * `error` object for programs, whose `source` tells our refusals from WaveSpeed's.
 */
export function refuse(c: Context, refusal: Refusal): Response {
  const { status, retryable } = ERRORS[refusal.code];
  const retryAfter = retryAfterOf(refusal);
  if (retryAfter !== null) c.header("retry-after", String(retryAfter));
  if (status === 401) c.header("www-authenticate", 'Bearer realm="wavegate"');
  c.header("cache-control", "no-store");
  const error = {
    source: "wavegate",
    code: refusal.code,
    retryable,
    ...(refusal.details ? { details: refusal.details } : {}),
    ...(refusal.issues ? { issues: refusal.issues } : {}),
  };
  return c.json({ code: status, message: refusal.message, error }, status);
}

/** Days before the end of a secret from which every answer says when that is. */
const EXPIRY_WARNING_MS = 30 * 86_400_000;

/** Warns whoever uses a secret that will stop working: it was rotated, or its key has an end. */
export function sayExpiry(c: Context, expiresAt: number | null): void {
  if (expiresAt === null || expiresAt - Date.now() > EXPIRY_WARNING_MS) return;
  c.header("x-wavegate-key-expires", new Date(expiresAt).toISOString());
}

/** What is left of the limits that bound a submit. */
export function sayQuotas(c: Context, quotas: readonly Quota[]): void {
  for (const [name, value] of Object.entries(rateLimitFields(quotas) ?? {})) c.header(name, String(value));
}

/** WaveSpeed's own refusal of an input, in its words. */
export interface UpstreamRefusal {
  status: number;
  code: number;
  message: string;
  /** As it said it. */
  retryAfter?: string | null;
}

/** Statuses of WaveSpeed's refusals that are passed on; all others are told as 400. */
const PASSED_ON = [404, 413, 422, 429] as const;

/** WaveSpeed's own refusal of an input, as it came, and said to be WaveSpeed's. */
export function refuseAsUpstream(c: Context, refused: UpstreamRefusal): Response {
  const status = PASSED_ON.find((known) => known === refused.status) ?? 400;
  const retryable = status === 429;
  if (retryable)
    c.header("retry-after", /^[1-9]\d{0,5}$/.exec(refused.retryAfter ?? "")?.[0] ?? UPSTREAM_RETRY_SECONDS);
  c.header("cache-control", "no-store");
  const error = { source: "wavespeed", code: "upstream_rejected", retryable };
  return c.json({ code: Math.trunc(refused.code), message: refused.message, error }, status);
}

/** After WaveSpeed's 429, where it does not say itself: its windows last a minute. */
const UPSTREAM_RETRY_SECONDS = "60";

export const invalid = (issues: FieldIssue[]): Refusal => ({
  code: "invalid_request",
  message: describeIssues(issues),
  issues,
});
