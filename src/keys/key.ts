import { createHmac, timingSafeEqual } from "node:crypto";
import { secretOfVersion, type GatewaySecrets } from "./gateway-secrets.ts";

/**
 * API keys. A key names its tenant and carries a MAC under the gateway's secret, so that a forged
 * one is refused at the edge and a genuine one goes straight to its tenant's ledger.
 *
 *     wg_live_ | wg_test_ | wg_mgmt_   then base64url of 47 bytes:
 *     secret version 1 · tenant 6 · key id 8 · random 16 · MAC 16 (HMAC-SHA256, truncated)
 */
export type KeyKind = "live" | "test" | "mgmt";

export interface ParsedKey {
  kind: KeyKind;
  /** 12 lower-case hex digits; all zero on management keys. */
  tenant: string;
  /** 16 lower-case hex digits; the same over rotations. */
  keyId: string;
  secretVersion: number;
}

export const NO_TENANT = "000000000000";

const BODY_BYTES = 31;
const MAC_BYTES = 16;
const FORM = /^wg_(live|test|mgmt)_([A-Za-z0-9_-]{63})$/;

const macOf = (secret: string, kind: KeyKind, body: Uint8Array): Buffer =>
  createHmac("sha256", secret).update(`wavegate key ${kind}\n`).update(body).digest().subarray(0, MAC_BYTES);

/** Makes a key. `random` is 16 fresh random bytes; the newest secret signs. */
export function mintKey(input: {
  kind: KeyKind;
  tenant: string;
  keyId: string;
  secrets: GatewaySecrets;
  random: Uint8Array;
}): string {
  const { version, secret } = input.secrets.newest;
  const body = Buffer.concat([
    Buffer.from([version]),
    Buffer.from(input.tenant, "hex"),
    Buffer.from(input.keyId, "hex"),
    input.random,
  ]);
  if (body.length !== BODY_BYTES) throw new Error("a key needs a 6-byte tenant, an 8-byte id, 16 random bytes");
  const mac = macOf(secret, input.kind, body);
  return `wg_${input.kind}_${Buffer.concat([body, mac]).toString("base64url")}`;
}

/** The parts of a genuine key; null for anything that this gateway did not sign. */
export function verifyKey(key: string, secrets: GatewaySecrets): ParsedKey | null {
  const form = FORM.exec(key);
  if (!form?.[2]) return null;
  const kind = form[1] as KeyKind;
  const bytes = Buffer.from(form[2], "base64url");
  const body = bytes.subarray(0, BODY_BYTES);
  const secretVersion = body[0] ?? 0;
  const secret = secretOfVersion(secrets, secretVersion);
  if (secret === null) return null;
  if (!timingSafeEqual(macOf(secret, kind, body), bytes.subarray(BODY_BYTES))) return null;
  return {
    kind,
    tenant: body.subarray(1, 7).toString("hex"),
    keyId: body.subarray(7, 15).toString("hex"),
    secretVersion,
  };
}

/** What is stored instead of a key: HMAC-SHA256 (hex) under the secret of the key's own version. */
export function hashKey(key: string, parsed: ParsedKey, secrets: GatewaySecrets): string {
  const secret = secretOfVersion(secrets, parsed.secretVersion);
  if (secret === null) throw new Error("the key's secret version is not configured");
  return createHmac("sha256", secret).update(`wavegate stored key\n${key}`).digest("hex");
}

/** The first characters, as ledgers keep them beside each hash. Of one tenant's keys they are the same: see `keyStart`. */
export const keyPrefix = (key: string): string => key.slice(0, 16);

/** How many characters after `wg_live_` spell secret version, tenant and key id, and nothing of the secret. */
export const PUBLIC_CHARS = 20;

/** How a key begins, made of what is no secret: what a person tells it from the tenant's other keys by. */
export function keyStart({ kind, secretVersion, tenant, keyId }: ParsedKey): string {
  const open = Buffer.concat([Buffer.from([secretVersion]), Buffer.from(tenant, "hex"), Buffer.from(keyId, "hex")]);
  return `wg_${kind}_${open.toString("base64url")}`;
}
