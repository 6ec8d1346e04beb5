import { createHmac, timingSafeEqual } from "node:crypto";
import { secretOfVersion, type GatewaySecrets } from "./gateway-secrets.ts";

/**
 * The token in a webhook address of ours: it proves, before any object is woken, that this gateway
 * handed the address out for that job. "version.mac", the MAC 32 hex digits.
 */
export function hookToken(jobId: string, secrets: GatewaySecrets): string {
  const { version, secret } = secrets.newest;
  return `${version}.${mac(secret, jobId)}`;
}

export function verifyHookToken(jobId: string, token: string, secrets: GatewaySecrets): boolean {
  const [version, given] = token.split(".", 2);
  const secret = secretOfVersion(secrets, Number(version));
  if (secret === null || !given || !/^[0-9a-f]{32}$/.test(given)) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(mac(secret, jobId)));
}

const mac = (secret: string, jobId: string): string =>
  createHmac("sha256", secret).update(`wavegate hook\n${jobId}`).digest("hex").slice(0, 32);
