import type { UsageBatch } from "../ledger/journal-entry.ts";
import { advanceWatermark } from "./advance-watermark.ts";
import { applyEntries } from "./apply-entries.ts";
import { parseUsageBatch } from "./usage-batch.ts";

const RETRY_DELAY_SECONDS_MAX = 300;

/** What became of one delivery. `problems` is for the log: no message body, at most one line per message or tenant. */
export interface ConsumeReport {
  acked: number;
  retried: number;
  problems: string[];
}

/**
 * The queue's consumer. Applies each message exactly once to D1 REPORT, however often and in whatever
 * order it is delivered, and moves the watermark of each tenant that was touched. Ledgers are not told: each asks
 * D1 before it sends anything again.
 *
 * Each message is acknowledged or retried on its own: one that cannot be read or applied goes back
 * with a growing delay and ends in the dead letter queue, and the catch-up sweep replays from the
 * journal what it carried. Never throws: a throw would deliver the whole batch again.
 */
export async function consumeUsage(batch: MessageBatch<UsageBatch>, db: D1Database): Promise<ConsumeReport> {
  const report: ConsumeReport = { acked: 0, retried: 0, problems: [] };
  const tenants = new Set<string>();
  for (const message of batch.messages) {
    const problem = await applyMessage(message.body, db, tenants);
    if (problem === null) {
      message.ack();
      report.acked++;
    } else {
      message.retry({ delaySeconds: Math.min(2 ** message.attempts, RETRY_DELAY_SECONDS_MAX) });
      report.retried++;
      report.problems.push(`message ${message.id}: ${problem}`);
    }
  }
  for (const tenant of tenants) {
    // Not worth a retry of messages that are safe in D1: the next batch or the sweep moves it.
    await advanceWatermark(db, tenant).catch((error: unknown) => {
      report.problems.push(`tenant ${tenant}: ${String(error)}`);
    });
  }
  return report;
}

async function applyMessage(body: unknown, db: D1Database, tenants: Set<string>): Promise<string | null> {
  const usage = parseUsageBatch(body);
  if (usage === null) return "not a batch of journal entries";
  try {
    await applyEntries(db, usage.tenant, usage.entries);
    tenants.add(usage.tenant);
    return null;
  } catch (error) {
    return String(error);
  }
}
