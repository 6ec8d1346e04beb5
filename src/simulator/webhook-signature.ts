import { hex } from "./account.ts";

const PREFIX = "whsec_";

/**
 * WaveSpeed's `webhook-signature`: `v3,` and the hex HMAC-SHA256 of `id.timestamp.body`. The MAC's
 * key is the secret's text without its prefix, not base64-decoded, unlike Standard Webhooks.
 */
export async function signatureOf(secret: string, id: string, timestamp: string, body: string): Promise<string> {
  const encoder = new TextEncoder();
  const raw = encoder.encode(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return `v3,${hex(await crypto.subtle.sign("HMAC", key, encoder.encode(`${id}.${timestamp}.${body}`)))}`;
}
