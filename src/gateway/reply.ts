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

/** WaveSpeed's own refusal of the input, as it came. */
export function refuseAsUpstream(c: Context, refused: { status: number; code: number; message: string }): Response {
  const status = refused.status === 404 || refused.status === 413 || refused.status === 422 ? refused.status : 400;
  const error = { source: "wavespeed", code: "upstream_rejected", retryable: false };
  c.header("cache-control", "no-store");
  return c.json({ code: refused.code, message: refused.message, error }, status);
}

export const invalid = (issues: FieldIssue[]): Refusal => ({
  code: "invalid_request",
  message: describeIssues(issues),
  issues,
});
