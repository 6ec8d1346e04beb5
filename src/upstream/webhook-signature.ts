import { createHmac, timingSafeEqual } from "node:crypto";

/** A delivery older or newer than this is refused. */
export const WEBHOOK_AGE_MS_MAX = 300_000;

/**
 * WaveSpeed's webhook signature: `webhook-signature: v3,<hex HMAC-SHA256>` over
 * "id.timestamp.raw body". The key is the secret's text after `whsec_`, not decoded.
 */
export function verifyWebhook(headers: Headers, rawBody: string, secret: string, now: number): boolean {
  const id = headers.get("webhook-id") ?? "";
  const timestamp = headers.get("webhook-timestamp") ?? "";
  const [version, given] = (headers.get("webhook-signature") ?? "").split(",", 2);
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1_000) > WEBHOOK_AGE_MS_MAX) return false;
  if (version !== "v3" || !given || !/^[0-9a-f]{64}$/.test(given)) return false;
  const key = secret.replace(/^whsec_/, "");
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.${rawBody}`).digest("hex");
  return timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
