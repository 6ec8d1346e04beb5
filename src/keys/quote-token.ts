import { createHmac, timingSafeEqual } from "node:crypto";
import { secretOfVersion, type GatewaySecrets } from "./gateway-secrets.ts";
import type { KeyKind } from "./key.ts";

/** What a signed quote promises to one tenant. Money: integer micro-dollars. */
export interface QuoteClaims {
  /** 16 lower-case hex digits, fresh and random. */
  id: string;
  /** 12 lower-case hex digits. */
  tenant: string;
  mode: Exclude<KeyKind, "mgmt">;
  model: string;
  /** Seconds of video; 0 for a model that has no length. */
  seconds: number;
  priceMicros: number;
  rateVersion: number;
  /** 0: the tenant has no pricing of its own. */
  pricingVersion: number;
  /** Epoch ms. */
  expiresAt: number;
}

/** Longer texts are refused unread. */
export const QUOTE_CHARS_MAX = 600;

/**
 *     wgq_ + base64url of the claims as JSON . secret version . MAC (HMAC-SHA256, base64url)
 *
 * The MAC is compared as text: base64 has more than one spelling of the same bytes.
 */
const FORM = /^wgq_([A-Za-z0-9_-]+)\.([1-9][0-9]{0,2})\.([A-Za-z0-9_-]{43})$/;

/** Signs a quote with the newest secret. Throws RangeError on claims that could not be read back. */
export function mintQuote(claims: QuoteClaims, secrets: GatewaySecrets): string {
  if (!areClaims(claims)) throw new RangeError("a quote with a claim that is not of its form");
  const { version, secret } = secrets.newest;
  const body = Buffer.from(canonical(claims)).toString("base64url");
  const text = `wgq_${body}.${version}.${mac(secret, body)}`;
  if (text.length > QUOTE_CHARS_MAX) throw new RangeError(`a quote of ${text.length} characters`);
  return text;
}

/**
 * The claims of a genuine quote; null for anything that this gateway did not sign, or whose secret
 * is no longer configured. Nothing is decoded before its MAC has proved right. Whether it has
 * expired, and whose it is, are for the caller to compare.
 */
export function readQuote(text: string, secrets: GatewaySecrets): QuoteClaims | null {
  const [, body, version, given] = (text.length <= QUOTE_CHARS_MAX && FORM.exec(text)) || [];
  const secret = secretOfVersion(secrets, Number(version));
  if (!body || !given || secret === null) return null;
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(mac(secret, body)))) return null;
  return parseClaims(Buffer.from(body, "base64url").toString());
}

/** Signed text that is not a quote was signed by a bug, or by an older release: null all the same. */
function parseClaims(json: string): QuoteClaims | null {
  try {
    const claims: unknown = JSON.parse(json);
    return areClaims(claims) && canonical(claims) === json ? claims : null;
  } catch {
    return null;
  }
}

const mac = (secret: string, body: string): string =>
  createHmac("sha256", secret).update(`wavegate quote\n${body}`).digest("base64url");

const canonical = (claims: QuoteClaims): string => JSON.stringify(claims, Object.keys(CLAIMS));

const text =
  (form: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && form.test(value);

const whole =
  (min: number) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && Number(value) >= min;

/** Each claim's form, in the order in which they are written. */
const CLAIMS: Record<keyof QuoteClaims, (value: unknown) => boolean> = {
  id: text(/^[0-9a-f]{16}$/),
  tenant: text(/^[0-9a-f]{12}$/),
  mode: text(/^(live|test)$/),
  model: text(/^[A-Za-z0-9._/-]{1,200}$/),
  seconds: whole(0),
  priceMicros: whole(1),
  rateVersion: whole(1),
  pricingVersion: whole(0),
  expiresAt: whole(1),
};

function areClaims(value: unknown): value is QuoteClaims {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Record<string, unknown>;
  return Object.entries(CLAIMS).every(([name, isOfForm]) => Object.hasOwn(given, name) && isOfForm(given[name]));
}
