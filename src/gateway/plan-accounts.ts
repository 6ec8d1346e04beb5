import { chooseAccounts } from "../accounts/choose-accounts.ts";
import { parseConfig, type Env } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { refusePaused, type Settings } from "../settings/index.ts";

/** What a sandbox's account is called where accounts are named; each tenant has its own. */
const SANDBOX = "sandbox";

/**
 * The upstream accounts that may take a new job, the preferred first: not paused and not found to be out of order.
 * Refused (503) if the gateway or the model is paused, or no account is left.
 */
export function planAccounts(
  env: Env,
  settings: Pick<Settings, "pauses" | "closedAccounts">,
  job: { mode: Mode; model: string },
): Result<string[], Refusal> {
  const { pauses, closedAccounts } = settings;
  const refusalBy = (account: string | null): Refusal | null => refusePaused(pauses, { model: job.model, account });
  const names = job.mode === "test" ? [SANDBOX] : parseConfig(env).accounts.map(({ name }) => name);
  const paused = names.filter((name) => refusalBy(name) !== null);
  const refusal = refusalBy(null) ?? (paused.length === names.length ? refusalBy(names[0] ?? null) : null);
  if (refusal) return err(refusal);
  if (job.mode === "test") return ok([SANDBOX]);
  const isUsable = (name: string): boolean => !paused.includes(name) && !closedAccounts.has(name);
  const accounts = chooseAccounts(parseConfig(env).accounts, isUsable, Math.random);
  return accounts.length > 0 ? ok(accounts) : err(NONE_LEFT);
}

const NONE_LEFT: Refusal = {
  code: "upstream_unavailable",
  message: "the upstream takes no jobs at the moment; nothing was charged",
  retryAfterSeconds: 30,
};
