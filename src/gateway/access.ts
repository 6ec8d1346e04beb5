import type { Context, MiddlewareHandler } from "hono";
import { parseConfig } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { hashKey, verifyKey, type ParsedKey } from "../keys/key.ts";
import { refuseUse } from "../ledger/check-key.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import type { ApiKey, KeyScope } from "../ledger/types.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse, sayExpiry } from "./reply.ts";

/** How long a read may still be answered to a key that was revoked. Spending knows no such delay. */
export const READ_KEY_MS_MAX = 10_000;

const CHECKED_KEYS_MAX = 10_000;

/** A key that its ledger found good, and until when this isolate believes it. */
interface CheckedKey {
  key: ApiKey;
  expiresAt: number | null;
  until: number;
}

const checked = new Map<string, CheckedKey>();

/** A key that this gateway signed: what it says, and its hash. That stays so as long as the secrets do. */
interface GenuineKey {
  parsed: ParsedKey;
  hash: string;
}

/** By secrets, then by key: two MACs less for every request of a key that was here before. */
const genuine = new WeakMap<GatewaySecrets, Map<string, GenuineKey>>();

function genuineKey(key: string, secrets: GatewaySecrets): GenuineKey | null {
  const known = genuine.get(secrets) ?? new Map<string, GenuineKey>();
  genuine.set(secrets, known);
  const before = known.get(key);
  if (before) return before;
  const parsed = verifyKey(key, secrets);
  if (!parsed) return null;
  const found = { parsed, hash: hashKey(key, parsed, secrets) };
  if (known.size >= CHECKED_KEYS_MAX) known.clear();
  known.set(key, found);
  return found;
}

type Caller = GatewayEnv["Variables"]["caller"];

/** For submits: the MAC only, since the ledger checks the key again in the transaction that admits. */
export const signedKey: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const caller = readCaller(c);
  if (!caller.ok) return refuse(c, caller.error);
  c.set("caller", caller.value);
  await next();
  return undefined;
};

/** For everything else: the ledger's word that the key is good, at most 10 s old, and what it may be used for. */
export const keyFor =
  (need: KeyScope | null): MiddlewareHandler<GatewayEnv> =>
  async (c, next) => {
    const caller = readCaller(c);
    if (!caller.ok) return refuse(c, caller.error);
    const known = await checkedKey(c, caller.value);
    if (!known.ok) return refuse(c, known.error);
    sayExpiry(c, known.value.expiresAt);
    const refusal = refuseUse(known.value.key, caller.value, need);
    if (refusal) return refuse(c, refusal);
    c.set("caller", caller.value);
    c.set("key", known.value.key);
    await next();
    return undefined;
  };

async function checkedKey(c: Context<GatewayEnv>, caller: Caller): Promise<Result<CheckedKey, Refusal>> {
  const now = Date.now();
  const known = checked.get(caller.keyHash);
  if (known && known.until > now) return ok(known);
  const { tenant, ...key } = caller;
  const answer = await ledgerOf(c.env, tenant).authenticate(key);
  if (!answer.ok) return answer;
  const { key: found, secretExpiresAt: expiresAt } = answer.value;
  // Never believed past its own end.
  const fresh = { key: found, expiresAt, until: Math.min(now + READ_KEY_MS_MAX, expiresAt ?? Infinity) };
  if (checked.size >= CHECKED_KEYS_MAX) checked.clear();
  checked.set(caller.keyHash, fresh);
  return ok(fresh);
}

/** Whose key this is, if it is genuine; whether it still opens anything is not asked. */
export function tenantOfKey(c: Context<GatewayEnv>): string | null {
  const caller = readCaller(c);
  return caller.ok ? caller.value.tenant : null;
}

function readCaller(c: Context<GatewayEnv>): Result<Caller, Refusal> {
  const { secrets, localClientIp } = parseConfig(c.env);
  const key = /^Bearer +(\S{1,200})$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (key === undefined)
    return err({ code: "invalid_key", message: "send an API key: Authorization: Bearer wg_live_..." });
  const signed = genuineKey(key, secrets);
  if (!signed) return err({ code: "invalid_key", message: "this is not an API key of this gateway" });
  const { parsed, hash } = signed;
  if (parsed.kind === "mgmt") return err({ code: "forbidden", message: "a management key cannot run jobs" });
  return ok({
    tenant: parsed.tenant,
    keyId: parsed.keyId,
    keyHash: hash,
    mode: parsed.kind,
    ip: c.req.header("cf-connecting-ip") ?? localClientIp,
  });
}
