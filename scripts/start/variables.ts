import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parseConfig, type Env } from "../../src/config.ts";
import { UsageError, type Variables } from "./options.ts";
import type { Upstream } from "./upstream.ts";

/** Passed on when set; src/config.ts checks their values and has the defaults. */
const GATEWAY_VARIABLES = [
  "WAVESPEED_ACCOUNTS",
  "WAVESPEED_VIDEOS_PER_MINUTE",
  "WAVESPEED_CONCURRENT_TASKS",
  "WAVESPEED_WEBHOOK_SECRET",
  "SUBMIT_MS_MAX",
  "START_WAIT_MS",
  "SUBMITS_IN_HAND_MAX",
  "UNKNOWN_WALK_GAP_MS",
  "HOLD_ACK_MS",
  "SYNC_WAIT_MS_MAX",
  "POLL_MS_MIN",
  "POLL_MS_MAX",
  "SETTINGS_LEAD_MS",
  "AUDIT_STEP_ENTRIES",
  "CHECKPOINT_ENTRIES",
  "SEGMENT_ENTRIES",
  "JOURNAL_KEEP_ENTRIES",
  "UPKEEP_MS",
  "WEBHOOK_MS_MAX",
  "WEBHOOK_ALLOW_LOOPBACK",
  "MAIL_API_URL",
  "MAIL_API_KEY",
  "MAIL_FROM",
  "ACCESS_TEAM_DOMAIN",
  "ACCESS_AUD",
] as const;

const SIMULATOR_VARIABLES = ["SIMULATOR_TASK_MS"] as const;

/** The environment over `.dev.vars`, which holds what one does not want to type each time. */
export function readVariables(root: string, env: Variables): Variables {
  const file = join(root, ".dev.vars");
  return existsSync(file) ? { ...parseEnv(readFileSync(file, "utf8")), ...env } : env;
}

/** What the gateway's Worker gets besides its bindings. */
export const gatewayVariables = (
  env: Variables,
  upstream: Upstream,
  wavegateSecret: string,
): Record<string, string> => ({
  WAVESPEED_BASE_URL: upstream.baseUrl,
  WAVESPEED_API_KEY: upstream.apiKey,
  PUBLIC_URL: upstream.publicUrl,
  WAVEGATE_SECRET: wavegateSecret,
  // Its ports are on loopback, and nothing in front of them says who calls.
  LOCAL_CLIENT_IP: "127.0.0.1",
  // A receiver under development is on this machine too; not where others reach the gateway by a tunnel, or where the environment says false.
  WEBHOOK_ALLOW_LOOPBACK: String(!upstream.publicUrl.startsWith("https:")),
  ...pick(env, GATEWAY_VARIABLES),
});

/** The Worker would find the same, but only once it is called. */
export function refuseWrongVariables(variables: Record<string, string>): void {
  try {
    parseConfig(variables as unknown as Env);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export const simulatorVariables = (env: Variables): Record<string, string> => pick(env, SIMULATOR_VARIABLES);

function pick(env: Variables, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
