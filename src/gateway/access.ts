import type { Context, MiddlewareHandler } from "hono";
import { parseConfig } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { hashKey, verifyKey } from "../keys/key.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse } from "./reply.ts";

/** How long a read may still be answered to a key that was revoked. Spending knows no such delay. */
export const READ_KEY_MS_MAX = 10_000;

const CHECKED_KEYS_MAX = 10_000;

/** Keys that their ledger found good, and until when this isolate believes it. */
const checked = new Map<string, number>();

type Caller = GatewayEnv["Variables"]["caller"];

/** For submits: the MAC only, since the ledger checks the key again in the transaction that admits. */
export const signedKey: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const caller = readCaller(c);
  if (!caller.ok) return refuse(c, caller.error);
  c.set("caller", caller.value);
  await next();
  return undefined;
};

/** For everything else: the ledger's word that the key is good, at most 10 s old. */
export const knownKey: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const caller = readCaller(c);
  if (!caller.ok) return refuse(c, caller.error);
  const refusal = await refuseUnknown(c, caller.value);
  if (refusal) return refuse(c, refusal);
  c.set("caller", caller.value);
  await next();
  return undefined;
};

async function refuseUnknown(c: Context<GatewayEnv>, caller: Caller): Promise<Refusal | null> {
  const now = Date.now();
  if ((checked.get(caller.keyHash) ?? 0) > now) return null;
  const { tenant, ...key } = caller;
  const answer = await ledgerOf(c.env, tenant).authenticate(key);
  if (!answer.ok) return answer.error;
  if (checked.size >= CHECKED_KEYS_MAX) checked.clear();
  checked.set(caller.keyHash, now + READ_KEY_MS_MAX);
  return null;
}

function readCaller(c: Context<GatewayEnv>): Result<Caller, Refusal> {
  const { secrets } = parseConfig(c.env);
  const key = /^Bearer +(\S{1,200})$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (key === undefined)
    return err({ code: "invalid_key", message: "send an API key: Authorization: Bearer wg_live_..." });
  const parsed = verifyKey(key, secrets);
  if (!parsed) return err({ code: "invalid_key", message: "this is not an API key of this gateway" });
  if (parsed.kind === "mgmt") return err({ code: "forbidden", message: "a management key cannot run jobs" });
  return ok({ tenant: parsed.tenant, keyId: parsed.keyId, keyHash: hashKey(key, parsed, secrets), mode: parsed.kind, ip: c.req.header("cf-connecting-ip") ?? null });
}
