import { createHmac } from "node:crypto";
import { parseConfig, type Env } from "../config.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import type { UpstreamAccountApi } from "./upstream-account.ts";
import { WaveSpeed, type UpstreamLink } from "./wavespeed.ts";

/** The gateway's route to the simulator's media, for sandbox jobs. */
export const SANDBOX_PREFIX = "/sandbox";

/** Stands for the gateway's own origin in a sandbox job's URLs until somebody reads them. */
export const SANDBOX_ORIGIN = "https://sandbox.invalid";

/**
 * Which WaveSpeed account serves a tenant's jobs: the operator's for live ones; for sandbox jobs a
 * simulated one of the tenant's own, so that tenants see neither each other's tasks nor bills.
 */
export function accountOf(env: Env, mode: Mode, tenant: string): { id: string; link: UpstreamLink } {
  const config = parseConfig(env);
  if (mode === "live") {
    const link = {
      baseUrl: config.wavespeedBaseUrl,
      apiKey: config.wavespeedApiKey,
      fetch: (request: Request) => fetch(request),
      headers: {},
    };
    return { id: "live", link };
  }
  return {
    id: `sandbox:${tenant}`,
    link: {
      baseUrl: "https://simulator.invalid",
      apiKey: sandboxKey(config.secrets.newest.secret, tenant),
      fetch: (request: Request) => env.SIMULATOR.fetch(request),
      headers: { "x-simulator-public-base": SANDBOX_ORIGIN + SANDBOX_PREFIX },
    },
  };
}

export const waveSpeedOf = (env: Env, mode: Mode, tenant: string): WaveSpeed =>
  new WaveSpeed(accountOf(env, mode, tenant).link);

export function accountObjectOf(env: Env, mode: Mode, tenant: string): UpstreamAccountApi {
  const { id } = accountOf(env, mode, tenant);
  return env.UPSTREAM_ACCOUNT.get(env.UPSTREAM_ACCOUNT.idFromName(id)) as unknown as UpstreamAccountApi;
}

/** Not to be guessed from a job id, which names the tenant. */
const sandboxKey = (secret: string, tenant: string): string =>
  `sim_sandbox_${createHmac("sha256", secret).update(`wavegate sandbox\n${tenant}`).digest("hex").slice(0, 32)}`;
