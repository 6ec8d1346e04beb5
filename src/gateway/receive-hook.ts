import type { Context } from "hono";
import type { AccountSettings } from "../accounts/account-settings.ts";
import { parseConfig } from "../config.ts";
import { verifyHookToken } from "../keys/hook-mac.ts";
import { parseJobId } from "../keys/job-id.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { waveSpeedOf } from "../accounts/account-of.ts";
import { verifyWebhook } from "../upstream/webhook-signature.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { parseObject, readText } from "./read-body.ts";
import { refuse } from "./reply.ts";

const HOOK_BYTES_MAX = 1024 * 1024;
const SECRET_MS_MAX = 600_000;

/** A secret that could not be read is not asked for again at once: anybody's webhook would cost a read upstream. */
const SECRET_RETRY_MS = 30_000;

const secrets = new WeakMap<AccountSettings, { secret: string | null; until: number }>();

/**
 * POST /hooks/wavespeed/{job_id}?t={mac}: WaveSpeed says that a task ended. The token is checked
 * before any object is woken. A webhook is a hint to read the result, never the result.
 */
export async function receiveHook(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const address = parseJobId(jobId);
  const known = address && verifyHookToken(jobId, c.req.query("t") ?? "", parseConfig(c.env).secrets);
  if (!known) return refuse(c, { code: "not_found", message: "there is no such webhook address" });
  const rawBody = await readText(c.req.raw, HOOK_BYTES_MAX);
  if (rawBody === null) return refuse(c, { code: "body_too_large", message: `at most ${HOOK_BYTES_MAX} bytes` });
  const body = parseObject(rawBody);
  if (!body.ok) return refuse(c, body.error);
  const verified = await isSigned(c, rawBody);
  if (!verified) {
    const message = "a webhook came to a genuine address with a signature that does not verify";
    c.executionCtx.waitUntil(raiseAlert(c.env.CONTROL, { kind: "webhook_signature", subject: jobId, message }));
  }
  const hook = { upstreamId: String(body.value["id"] ?? ""), signature: c.req.header("webhook-signature") ?? "" };
  await trackerOf(c.env, address).hint(jobId, verified ? hook : null);
  return c.json({ received: true });
}

/** By any of the accounts: which one a job went to is known to its tracker, which is not woken for a forgery. */
async function isSigned(c: Context<GatewayEnv>, rawBody: string): Promise<boolean> {
  const { accounts } = parseConfig(c.env);
  const secretsOf = await Promise.all(accounts.map((account) => account.webhookSecret ?? askedSecret(c, account)));
  return secretsOf.some((secret) => secret !== null && verifyWebhook(c.req.raw.headers, rawBody, secret, Date.now()));
}

async function askedSecret(c: Context<GatewayEnv>, account: AccountSettings): Promise<string | null> {
  const known = secrets.get(account);
  if (known && known.until > Date.now()) return known.secret;
  const secret = await waveSpeedOf(c.env, { mode: "live", tenant: "", name: account.name }).webhookSecret();
  secrets.set(account, { secret, until: Date.now() + (secret === null ? SECRET_RETRY_MS : SECRET_MS_MAX) });
  return secret;
}
