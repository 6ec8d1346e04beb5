import type { Quota } from "../ledger/types.ts";

export interface RateLimitFields {
  ratelimit: string;
  "ratelimit-policy": string;
}

/** RFC 9651, section 3.3.1: an Integer has at most 15 digits. */
const INTEGER_MAX = 999_999_999_999_999;
const DEFAULT_UNIT: Quota["unit"] = "requests";

/**
 * The response fields `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11:
 * Lists of Strings (RFC 9651) with the parameters q, qu, w and r, t. null for an empty list, since
 * the draft wants at least one policy. No partition key: a quota here is always the caller's own.
 *
 * Retry-After should not be earlier than the end of the effective window (section 6): a refusal
 * gives as `resetSeconds` what it gives as Retry-After, not the time until the quota is whole.
 * Throws RangeError on a name or a number that the fields cannot carry.
 */
export function rateLimitFields(quotas: readonly Quota[]): RateLimitFields | null {
  if (quotas.length === 0) return null;
  return { ratelimit: quotas.map(limitItem).join(", "), "ratelimit-policy": quotas.map(policyItem).join(", ") };
}

/** Section 3.1. `qu` is left out where it is the draft's default. */
function policyItem({ policy, quota, unit, windowSeconds }: Quota): string {
  const qu = unit === DEFAULT_UNIT ? "" : `;qu=${string(unit)}`;
  const w = windowSeconds === null ? "" : `;w=${integer(windowSeconds, 1)}`;
  return `${string(policy)};q=${integer(quota, 0)}${qu}${w}`;
}

/** Section 4.1. */
function limitItem({ policy, remaining, resetSeconds }: Quota): string {
  const t = resetSeconds === null ? "" : `;t=${integer(resetSeconds, 0)}`;
  return `${string(policy)};r=${integer(Math.max(0, remaining), 0)}${t}`;
}

/** RFC 9651, section 4.1.6. */
function string(text: string): string {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new RangeError(`not a policy name: ${JSON.stringify(text)}`);
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** RFC 9651, section 4.1.4. */
function integer(value: number, min: number): string {
  if (!Number.isSafeInteger(value) || value < min || value > INTEGER_MAX) {
    throw new RangeError(`not a whole number from ${min} to ${INTEGER_MAX}: ${value}`);
  }
  return String(value);
}
