import { createHmac } from "node:crypto";
import { parseConfig, type Env } from "../config.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { WaveSpeed, type TimeLimit, type UpstreamLink } from "../upstream/wavespeed.ts";
import type { AccountSettings } from "./account-settings.ts";
import type { UpstreamAccountApi } from "./types.ts";
import { idOf } from "../storage/object-id.ts";

/** The gateway's route to the simulator's media, for sandbox jobs. */
export const SANDBOX_PREFIX = "/sandbox";

/** Stands for the gateway's own origin in a sandbox job's URLs until somebody reads them. */
export const SANDBOX_ORIGIN = "https://sandbox.invalid";

/** Whose account a job is sent with. `name` null: the first of the operator's. */
export interface AccountOwner {
  mode: Mode;
  tenant: string;
  name: string | null;
}

/**
 * Which WaveSpeed account serves a job: one of the operator's for live ones; for sandbox jobs a simulated one
 * of the tenant's own, so that tenants see neither each other's tasks nor bills. Of an account that the operator
 * has taken out of the configuration nothing can be read, so its jobs end as where WaveSpeed is away.
 */
export function accountOf(
  env: Env,
  owner: AccountOwner,
): { id: string; settings: AccountSettings | null; link: UpstreamLink } {
  const { mode, tenant, name } = owner;
  const config = parseConfig(env);
  if (mode === "live") {
    const settings = name === null ? config.accounts[0] : configuredAccount(env, name);
    if (!settings) return { id: String(name), settings: null, link: goneLink(name) };
    const fetcher: UpstreamLink["fetch"] = (url, init) => env.EGRESS?.fetch(url, init) ?? fetch(url, init);
    return {
      id: settings.name,
      settings,
      link: { baseUrl: settings.baseUrl, apiKey: settings.apiKey, fetch: fetcher, headers: {} },
    };
  }
  return {
    id: sandboxAccount(tenant),
    settings: null,
    link: {
      baseUrl: "https://simulator.invalid",
      apiKey: sandboxKey(config.secrets.newest.secret, tenant),
      fetch: (url, init) => env.SIMULATOR.fetch(url, init),
      headers: { "x-simulator-public-base": SANDBOX_ORIGIN + SANDBOX_PREFIX },
    },
  };
}

/** The name of a tenant's simulated account. */
export const sandboxAccount = (tenant: string): string => `sandbox:${tenant}`;

/** The operator's settings of an account; null: it is not configured, or not any more. */
export const configuredAccount = (env: Env, name: string): AccountSettings | null =>
  parseConfig(env).accounts.find((account) => account.name === name) ?? null;

const goneLink = (name: string | null): UpstreamLink => ({
  baseUrl: "https://account.invalid",
  apiKey: "",
  fetch: () => Promise.reject(new Error(`upstream account ${name} is not configured any more`)),
  headers: {},
});

/** `inTime`: who keeps the limits of its calls; left out, each has a timer. */
export const waveSpeedOf = (env: Env, owner: AccountOwner, inTime?: TimeLimit): WaveSpeed =>
  new WaveSpeed(accountOf(env, owner).link, inTime);

/** The object of an account; that of one that is not configured any more is there still. */
export function accountObjectOf(env: Env, owner: AccountOwner): UpstreamAccountApi {
  const id = owner.mode === "live" && owner.name !== null ? owner.name : accountOf(env, owner).id;
  return env.UPSTREAM_ACCOUNT.get(idOf(env.UPSTREAM_ACCOUNT, id)) as unknown as UpstreamAccountApi;
}

/** Not to be guessed from a job id, which names the tenant. */
const sandboxKey = (secret: string, tenant: string): string =>
  `sim_sandbox_${createHmac("sha256", secret).update(`wavegate sandbox\n${tenant}`).digest("hex").slice(0, 32)}`;
