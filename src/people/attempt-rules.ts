import ipaddr from "ipaddr.js";

/** Tries are counted in spans of this length, which begin at its multiples. */
export const ATTEMPT_SPAN_MS = 900_000;

/**
 * Tries a span: by whoever calls; for one e-mail by the same caller, since what others try must not lock its owner out; and
 * invitations by one tenant, which are mailed too; changes by one person of a tenant, each of which leaves an entry in the audit log.
 */
export const TRIES_MAX = { address: 60, emailByAddress: 5, invitations: 60, changes: 600 } as const;

export const spanOf = (now: number): number => now - (now % ATTEMPT_SPAN_MS);

export const secondsToNextSpan = (now: number): number => Math.ceil((spanOf(now) + ATTEMPT_SPAN_MS - now) / 1_000);

/** Whom an address is counted as: whoever has an IPv6 address has 64 bits of them. */
export function networkOf(ip: string | null): string {
  if (ip === null || !ipaddr.isValid(ip)) return "unknown";
  const address = ipaddr.process(ip);
  if (address.kind() === "ipv4") return address.toString();
  return address.toNormalizedString().split(":").slice(0, 4).join(":");
}
