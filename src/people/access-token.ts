import { createRemoteJWKSet, customFetch, jwtVerify, type JWTVerifyGetKey } from "jose";
import type { AccessSettings } from "../config.ts";

const KEYS_MS_MAX = 5_000;
const KEYS_BYTES_MAX = 65_536;
const CLOCK_SECONDS = 30;

const keySets = new Map<string, JWTVerifyGetKey>();

/**
 * The e-mail, in lower case, of whom Cloudflare Access let through; null: the token is not one that it made for this very application, or is over.
 * https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
export async function emailOfAccess(token: string, { issuer, audience }: AccessSettings): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(token, keysOf(issuer), {
      issuer,
      audience,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "aud", "iss", "email"],
      clockTolerance: CLOCK_SECONDS,
    });
    const { email } = payload;
    return typeof email === "string" && email !== "" ? email.toLowerCase() : null;
  } catch {
    return null;
  }
}

/** Cached by the library: read again for a key that is not known, at most twice a minute. */
function keysOf(issuer: string): JWTVerifyGetKey {
  const known = keySets.get(issuer);
  if (known) return known;
  const made = createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`), {
    timeoutDuration: KEYS_MS_MAX,
    [customFetch]: fetchBounded,
  });
  keySets.set(issuer, made);
  return made;
}

async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > KEYS_BYTES_MAX) throw new Error("the keys of Cloudflare Access are too long");
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status });
}
