import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie } from "hono/cookie";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { hashKey, verifyKey, type ParsedKey } from "../keys/key.ts";
import { refuseUse } from "../ledger/check-key.ts";
import type { KeyScope } from "../ledger/types.ts";
import { SESSION_COOKIE, type Level } from "../people/index.ts";
import { checkOperatorKey } from "./operator-keys.ts";
import { toInstant } from "./fields.ts";
import { identifyPerson } from "./identify-person.ts";
import { refuse } from "./problem.ts";
import type { ManagementEnv, Principal, Services } from "./services.ts";

const BODY_BYTES_MAX = 1024 * 1024;

/** A key that ends sooner than this says so in each reply. */
const WARNED_MS = 30 * 86_400_000;

/** After the key: nobody's megabytes are read before it is known whose they are. */
const limitBody = bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => refuse(c, TOO_LARGE) });

/** `session`: somebody who is signed in, whoever it is; a level: an operator, or whoever has it in the path's tenant. */
type Audience = "operator" | "tenant" | "both" | "session" | Level;

/** For the calls that begin a session: nobody is known yet, and no other site's page may make them. */
export const publicAccess = {
  middleware: refuseOtherSites(),
  security: [] as Record<string, never[]>[],
  "x-access": "public",
};

const OPERATOR = { operatorKey: [] };
const TENANT = { tenantKey: [] };
const SESSION = { session: [] };

/**
 * Guards, to be spread into a route: who may call it, and what the API's description says of that (`x-access`).
 * The key's kind is checked before its state, so that a tenant's key wakes no ledger on a route that
 * is not for it.
 */
export const operatorAccess = access("operator", [OPERATOR, SESSION]);
export const tenantAccess = access("tenant", [TENANT]);
/** For what a key may only see with the scope `read`: jobs and usage. */
export const readAccess = access("tenant", [TENANT], "read");
export const anyAccess = access("both", [OPERATOR, TENANT, SESSION]);
/** For what concerns a person alone, such as the own sessions. */
export const sessionAccess = access("session", [SESSION]);
/** For people in a tenant, by what their role may do there (`src/people/roles.ts`), and for operators. */
export const seeAccess = access("read", [OPERATOR, SESSION]);
export const runAccess = access("run", [OPERATOR, SESSION]);
export const manageAccess = access("manage", [OPERATOR, SESSION]);
export const ownAccess = access("own", [OPERATOR, SESSION]);

function access(audience: Audience, security: Record<string, never[]>[], need: KeyScope | null = null) {
  return { middleware: guard(audience, need), security, "x-access": audience };
}

function guard(audience: Audience, need: KeyScope | null): MiddlewareHandler<ManagementEnv> {
  return async (c, next) => {
    const services = c.get("services");
    const authorization = c.req.header("authorization");
    const ip = c.req.header("cf-connecting-ip") ?? services.localClientIp;
    const found =
      authorization === undefined && getCookie(c, SESSION_COOKIE) !== undefined
        ? await identifyPerson(c, audience)
        : await identify({ authorization, ip, need }, audience, services);
    if (!found.ok) return refuse(c, found.error);
    c.set("principal", found.value);
    const ends = found.value.kind === "tenant" ? found.value.secretExpiresAt : null;
    if (ends !== null && ends - services.now() <= WARNED_MS) c.header("x-wavegate-key-expires", toInstant(ends));
    return limitBody(c, next);
  };
}

function refuseOtherSites(): MiddlewareHandler<ManagementEnv> {
  return async (c, next) => (isOtherSite(c) ? refuse(c, OTHER_SITE) : limitBody(c, next));
}

/** As browsers say it, and only they: a page of another site could otherwise sign its reader in as somebody else. */
function isOtherSite(c: Context<ManagementEnv>): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const origin = c.req.header("origin");
  const own = [new URL(c.req.url).origin, c.get("services").publicUrl];
  return origin !== undefined && !own.some((url) => url !== null && new URL(url).origin === origin);
}

interface Sent {
  authorization: string | undefined;
  ip: string | null;
  need: KeyScope | null;
}

async function identify(sent: Sent, audience: Audience, services: Services): Promise<Result<Principal, Refusal>> {
  const key = /^Bearer +(\S{1,200})$/i.exec(sent.authorization ?? "")?.[1];
  if (key === undefined) return err(refusal("invalid_key", "send a key: Authorization: Bearer wg_mgmt_..."));
  const parsed = verifyKey(key, services.secrets);
  if (!parsed) return err(refusal("invalid_key", "this key is not one of this gateway"));
  const kind = parsed.kind === "mgmt" ? "operator" : "tenant";
  if (!admitsKey(audience, kind)) return err(refusal("forbidden", notFor(audience)));
  const hash = hashKey(key, parsed, services.secrets);
  if (kind === "operator") return identifyOperator(parsed, hash, services);
  return identifyTenant(parsed, hash, sent, services);
}

async function identifyOperator(
  parsed: ParsedKey,
  hash: string,
  services: Services,
): Promise<Result<Principal, Refusal>> {
  const state = await checkOperatorKey(services.control, { id: parsed.keyId, hash }, services.now());
  if (state === "unknown") return err(refusal("invalid_key", "this management key is not known"));
  if (state === "revoked") return err(refusal("key_revoked", "this management key was revoked"));
  return ok({ kind: "operator", keyId: parsed.keyId });
}

async function identifyTenant(
  parsed: ParsedKey,
  keyHash: string,
  { ip, need }: Sent,
  services: Services,
): Promise<Result<Principal, Refusal>> {
  const mode = parsed.kind === "test" ? "test" : "live";
  const found = await services.ledger(parsed.tenant).authenticate({ keyId: parsed.keyId, keyHash, mode, ip });
  if (!found.ok) return found;
  const misused = refuseUse(found.value.key, { ip }, need);
  return misused ? err(misused) : ok({ kind: "tenant", ...found.value });
}

function admitsKey(audience: Audience, kind: "operator" | "tenant"): boolean {
  if (audience === "both") return true;
  if (audience === "session") return false;
  return kind === (audience === "tenant" ? "tenant" : "operator");
}

function notFor(audience: Audience): string {
  if (audience === "tenant") return "this call is for tenants: it needs a tenant's key (wg_live_... or wg_test_...)";
  if (audience === "session") return "this call is for people: it needs a console session";
  return "this call is for operators: it needs a management key (wg_mgmt_...)";
}

const refusal = (code: "invalid_key" | "key_revoked" | "forbidden", message: string): Refusal => ({ code, message });

const OTHER_SITE: Refusal = { code: "forbidden", message: "a page of another site may not sign anybody in" };

const TOO_LARGE: Refusal = { code: "body_too_large", message: `a body may have ${BODY_BYTES_MAX} bytes at most` };
