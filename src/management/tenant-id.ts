import { createHmac } from "node:crypto";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";

/**
 * The ids (12 hex digits) that an Idempotency-Key stands for: under the newest secret, and under the
 * one before it, since a retry may come after the secret was rotated.
 */
export function tenantIdsOf(
  idempotencyKey: string,
  secrets: GatewaySecrets,
): { newest: string; previous: string | null } {
  const derive = (secret: string): string =>
    createHmac("sha256", secret).update(`wavegate tenant\n${idempotencyKey}`).digest("hex").slice(0, 12);
  return {
    newest: derive(secrets.newest.secret),
    previous: secrets.previous ? derive(secrets.previous.secret) : null,
  };
}
