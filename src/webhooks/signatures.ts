import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { SignatureScheme } from "./types.ts";

const PREFIX = "whsec_";

/** `random`: 32 fresh random bytes. One text serves both schemes. */
export const makeSecret = (random: Uint8Array): string => PREFIX + Buffer.from(random).toString("base64");

/**
 * The headers that prove who sent a body. `webhook-signature` is in the receiver's scheme; both schemes are also in a
 * header of their own. `secrets`: the newest first, those that still work after it. WaveSpeed's published verifiers
 * split `webhook-signature` at a comma into two parts, so in that scheme it has the newest secret's alone.
 */
export function signedHeaders(
  message: { id: string; at: number; body: string },
  secrets: readonly string[],
  scheme: SignatureScheme,
): Record<string, string> {
  const standard = secrets.map((secret) => signStandard(message, secret)).join(" ");
  const wavespeed = secrets.map((secret) => signAsWaveSpeed(message, secret));
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(secondsOf(message.at)),
    "webhook-signature": scheme === "standard" ? standard : (wavespeed[0] ?? ""),
    "x-wavegate-signature-standard": standard,
    "x-wavegate-signature-wavespeed": wavespeed.join(" "),
  };
}

type Message = Parameters<typeof signedHeaders>[0];

/** Standard Webhooks: `v1,` and the base64 HMAC-SHA256; the key is the secret, decoded. */
const signStandard = ({ id, at, body }: Message, secret: string): string =>
  new Webhook(secret).sign(id, new Date(at), body);

/** WaveSpeed's scheme: `v3,` and the hex HMAC-SHA256; the key is the secret's text after its prefix, not decoded. */
function signAsWaveSpeed({ id, at, body }: Message, secret: string): string {
  const mac = createHmac("sha256", secret.slice(PREFIX.length));
  return `v3,${mac.update(`${id}.${secondsOf(at)}.${body}`).digest("hex")}`;
}

const secondsOf = (at: number): number => Math.floor(at / 1_000);
