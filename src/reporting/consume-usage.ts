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
 * What a batch has of one tenant is applied together: jobs of one hour share the rows that sum them up. Where that fails, each
 * message is applied, acknowledged or retried on its own: one that cannot be read or applied goes back
 * with a growing delay and ends in the dead letter queue, and the catch-up sweep replays from the
 * journal what it carried. Never throws: a throw would deliver the whole batch again.
 */
export async function consumeUsage(batch: MessageBatch<UsageBatch>, db: D1Database): Promise<ConsumeReport> {
  const report: ConsumeReport = { acked: 0, retried: 0, problems: [] };
  const readable: Readable[] = [];
  for (const message of batch.messages) {
    const usage = parseUsageBatch(message.body);
    if (usage === null) retry(message, "not a batch of journal entries", report);
    else readable.push({ message, usage });
  }
  for (const [tenant, messages] of Map.groupBy(readable, ({ usage }) => usage.tenant)) {
    if ((await applyAll(tenant, messages, db, report)) === 0) continue;
    // Not worth a retry of messages that are safe in D1: the next batch or the sweep moves it.
    await advanceWatermark(db, tenant).catch((error: unknown) => {
      report.problems.push(`tenant ${tenant}: ${String(error)}`);
    });
  }
  return report;
}

interface Readable {
  message: Message<unknown>;
  usage: UsageBatch;
}

/** Answers how many of them were applied. */
async function applyAll(tenant: string, all: Readable[], db: D1Database, report: ConsumeReport): Promise<number> {
  try {
    await applyEntries(
      db,
      tenant,
      all.flatMap(({ usage }) => usage.entries),
    );
  } catch (error) {
    const [only, ...others] = all;
    if (only && others.length === 0) {
      retry(only.message, String(error), report);
      return 0;
    }
    let applied = 0;
    for (const one of all) applied += await applyAll(tenant, [one], db, report);
    return applied;
  }
  for (const { message } of all) message.ack();
  report.acked += all.length;
  return all.length;
}

function retry(message: Message<unknown>, problem: string, report: ConsumeReport): void {
  message.retry({ delaySeconds: Math.min(2 ** message.attempts, RETRY_DELAY_SECONDS_MAX) });
  report.retried += 1;
  report.problems.push(`message ${message.id}: ${problem}`);
}
