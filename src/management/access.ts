import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { hashKey, verifyKey, type ParsedKey } from "../keys/key.ts";
import { refuseUse } from "../ledger/check-key.ts";
import type { KeyScope } from "../ledger/types.ts";
import { checkOperatorKey } from "./operator-keys.ts";
import { toInstant } from "./fields.ts";
import { refuse } from "./problem.ts";
import type { ManagementEnv, Principal, Services } from "./services.ts";

const BODY_BYTES_MAX = 1024 * 1024;

/** A key that ends sooner than this says so in each reply. */
const WARNED_MS = 30 * 86_400_000;

/** After the key: nobody's megabytes are read before it is known whose they are. */
const limitBody = bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => refuse(c, TOO_LARGE) });

type Audience = "operator" | "tenant" | "both";

/**
 * Guards, to be spread into a route: who may call it, and what the API's description says of that.
 * The key's kind is checked before its state, so that a tenant's key wakes no ledger on a route that
 * is not for it.
 */
export const operatorAccess = { middleware: guard("operator"), security: [{ operatorKey: [] }] };
export const tenantAccess = { middleware: guard("tenant"), security: [{ tenantKey: [] }] };
/** For what a key may only see with the scope `read`: jobs and usage. */
export const readAccess = { middleware: guard("tenant", "read"), security: [{ tenantKey: [] }] };
export const anyAccess = { middleware: guard("both"), security: [{ operatorKey: [] }, { tenantKey: [] }] };

function guard(audience: Audience, need: KeyScope | null = null): MiddlewareHandler<ManagementEnv> {
  return async (c, next) => {
    const services = c.get("services");
    const sent = {
      authorization: c.req.header("authorization"),
      ip: c.req.header("cf-connecting-ip") ?? services.localClientIp,
      need,
    };
    const found = await identify(sent, audience, services);
    if (!found.ok) return refuse(c, found.error);
    c.set("principal", found.value);
    const ends = found.value.kind === "tenant" ? found.value.secretExpiresAt : null;
    if (ends !== null && ends - services.now() <= WARNED_MS) c.header("x-wavegate-key-expires", toInstant(ends));
    return limitBody(c, next);
  };
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
  if (audience !== "both" && audience !== kind) return err(refusal("forbidden", NOT_FOR[audience]));
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

const NOT_FOR = {
  operator: "this call is for operators: it needs a management key (wg_mgmt_...)",
  tenant: "this call is for tenants: it needs a tenant's key (wg_live_... or wg_test_...)",
};

const refusal = (code: "invalid_key" | "key_revoked" | "forbidden", message: string): Refusal => ({ code, message });

const TOO_LARGE: Refusal = { code: "body_too_large", message: `a body may have ${BODY_BYTES_MAX} bytes at most` };
