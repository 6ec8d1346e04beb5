import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { LEVELS, mayAct, SESSION_COOKIE, type Level, type Session } from "../people/index.ts";
import { unknownTenant } from "./known-tenant.ts";
import type { ManagementEnv, PersonPrincipal } from "./services.ts";

/** Sent with every change by a session: the cookie alone would also come with another site's request. */
export const CSRF_HEADER = "x-wavegate-csrf";

const LEVELS_KNOWN = new Set<string>(LEVELS);
const isLevel = (audience: string): audience is Level => LEVELS_KNOWN.has(audience);

/**
 * Who is signed in, if they may make this call. What is of a tenant in which the person has no place answers as if
 * there were no such tenant.
 */
export async function identifyPerson(
  c: Context<ManagementEnv>,
  audience: string,
): Promise<Result<PersonPrincipal, Refusal>> {
  const session = await c.get("services").sessions.find(getCookie(c, SESSION_COOKIE) ?? "");
  if (!session) return err(SIGNED_OUT);
  if (c.req.method !== "GET" && !sameToken(c.req.header(CSRF_HEADER), session.csrf)) return err(NO_CSRF);
  if (audience === "tenant") return err(forbidden("this call is for tenants: it needs a tenant's key"));
  const tenant = c.req.param("tenant");
  return isLevel(audience) && tenant !== undefined ? inTenant(session, tenant, audience) : inGateway(session, audience);
}

function inTenant(session: Session, tenant: string, level: Level): Result<PersonPrincipal, Refusal> {
  if (session.person.operator) return ok({ kind: "person", session, place: null });
  const place = session.memberships.find((membership) => membership.tenant === tenant);
  if (!place) return err(unknownTenant(tenant));
  if (!mayAct(place.role, level)) return err(forbidden(`the role ${place.role} may not do this`));
  return ok({ kind: "person", session, place });
}

/** `both` and `session` take anybody: what they see is theirs alone, or is narrowed by the call itself. */
function inGateway(session: Session, audience: string): Result<PersonPrincipal, Refusal> {
  const isOpen = audience === "session" || audience === "both" || session.person.operator;
  return isOpen ? ok({ kind: "person", session, place: null }) : err(forbidden("this call is for operators"));
}

function sameToken(sent: string | undefined, token: string): boolean {
  // Of bytes: a header may have characters of two.
  const [given, own] = [Buffer.from(sent ?? ""), Buffer.from(token)];
  return given.length === own.length && timingSafeEqual(given, own);
}

const forbidden = (message: string): Refusal => ({ code: "forbidden", message });

const SIGNED_OUT: Refusal = { code: "invalid_key", message: "this session has ended: sign in again" };

const NO_CSRF: Refusal = {
  code: "forbidden",
  message: `a change by a session needs its token in the header ${CSRF_HEADER}`,
};
