import { waveSpeedOf } from "./accounts/account-of.ts";
import { makeApp } from "./app.ts";
import { keepAuditLog } from "./audit-log/index.ts";
import { parseConfig, type Env } from "./config.ts";
import type { UsageBatch } from "./ledger/journal-entry.ts";
import { ledgerOf } from "./ledger/ledger-of.ts";
import { log } from "./observability/log.ts";
import { catchUp, consumeUsage } from "./reporting/index.ts";
import { comparePrices, SYNC_EVERY_MS, syncCatalogue } from "./sync/index.ts";

export { JobTracker } from "./jobs/job-tracker.ts";
export { TenantLedger } from "./ledger/tenant-ledger.ts";
export { UpstreamAccount } from "./accounts/upstream-account.ts";
export { WebhookDesk } from "./webhooks/webhook-desk.ts";

const app = makeApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),

  /** Usage entries on their way from the ledgers to D1. */
  async queue(batch, env): Promise<void> {
    const { problems } = await consumeUsage(batch, env.REPORT);
    if (problems.length > 0) log.error("usage entries were not applied", { problems });
  },

  /** The second net, every minute; what must not be late is owned by the objects' alarms. */
  async scheduled(_controller, env, context): Promise<void> {
    context.waitUntil(followCatalogue(env));
    context.waitUntil(keepAudit(env));
    const done = await catchUp(env.CONTROL, env.REPORT, (tenant) => {
      const ledger = ledgerOf(env, tenant);
      context.waitUntil(ledger.wakeTrackers());
      return ledger;
    });
    if (done.problems.length > 0) log.error("the catch-up had problems", { problems: done.problems });
  },
} satisfies ExportedHandler<Env, UsageBatch>;

/** Changes that nobody ended, and entries that are past their time. */
async function keepAudit(env: Env): Promise<void> {
  try {
    const { unknown, unsealed } = await keepAuditLog(env.CONTROL, parseConfig(env).secrets, Date.now());
    if (unknown > 0) log.warn("changes were begun of which nobody knows what came", { unknown });
    if (unsealed.length > 0) log.error("heads of the audit log are not this gateway's", { chains: unsealed });
  } catch (error) {
    log.error("the audit log could not be kept", { error });
  }
}

/** What WaveSpeed offers, once an hour, and a few of its prices. */
async function followCatalogue(env: Env): Promise<void> {
  const source = waveSpeedOf(env, { mode: "live", tenant: "", name: null });
  try {
    await syncCatalogue(env.CONTROL, source, Date.now(), { everyMs: SYNC_EVERY_MS });
    await comparePrices(env.CONTROL, source, Date.now());
  } catch (error) {
    log.error("WaveSpeed's list of models could not be followed", { error });
  }
}
