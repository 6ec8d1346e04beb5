import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Refusal } from "../errors/catalogue.ts";
import {
  countAttempt,
  endSession,
  findSession,
  networkOf,
  SESSION_COOKIE,
  TRIES_MAX,
  type Session,
} from "../people/index.ts";
import type { ManagementEnv } from "./services.ts";
import { toSession } from "./session-shape.ts";

/** What the calls that begin a session have in common. */

const COOKIE = { secure: true, httpOnly: true, sameSite: "Lax", path: "/" } as const;

/** Where a caller comes from, as the session will show it. */
export function callerOf(c: Context<ManagementEnv>): { ip: string; userAgent: string } {
  const ip = c.req.header("cf-connecting-ip") ?? c.get("services").localClientIp ?? "unknown";
  return { ip, userAgent: c.req.header("user-agent") ?? "" };
}

/** Counts a try of this kind by the caller's address. Null: it may go on. */
export function throttle(c: Context<ManagementEnv>, kind: string): Promise<Refusal | null> {
  return throttleSubject(c, `${kind}\n${networkOf(callerOf(c).ip)}`, TRIES_MAX.address);
}

/** Counts a try by what is given. */
export async function throttleSubject(
  c: Context<ManagementEnv>,
  subject: string,
  max: number,
  what = "tries to sign in",
): Promise<Refusal | null> {
  const { control, now } = c.get("services");
  const seconds = await countAttempt(control, subject, max, now());
  if (seconds === null) return null;
  return { code: "rate_limited", message: `too many ${what}: try again later`, retryAfterSeconds: seconds };
}

/** Whoever is signed in already in this browser. */
export async function signedInBefore(c: Context<ManagementEnv>): Promise<Session | null> {
  const secret = getCookie(c, SESSION_COOKIE);
  return secret === undefined ? null : c.get("services").sessions.find(secret);
}

/**
 * Hands the browser a session that was just begun, and ends the one that it had: what it sent is never taken over.
 * Answers what the call is to say.
 */
export async function handOver(
  c: Context<ManagementEnv>,
  begun: { secret: string; expiresAt: number },
  before: Session | null,
) {
  const { control, now } = c.get("services");
  if (before) await endSession(control, before.id);
  const session = await findSession(control, begun.secret, now());
  if (!session) throw new Error("a session that was just begun is not there");
  // Whom the audit log names.
  c.set("signedIn", { id: session.person.id, name: session.person.name });
  const maxAge = Math.floor((begun.expiresAt - now()) / 1_000);
  setCookie(c, SESSION_COOKIE, begun.secret, { ...COOKIE, maxAge });
  c.header("cache-control", "no-store");
  return toSession(control, session);
}

export const clearSessionCookie = (c: Context<ManagementEnv>): void => void deleteCookie(c, SESSION_COOKIE, COOKIE);
