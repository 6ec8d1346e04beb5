import type { AuditReport } from "../../src/ledger/audit/audit-types.ts";
import type { BenchWorkers, Checkout } from "./workers.ts";

/** One ledger, ready to be measured. */
export interface SeededLedger {
  checkout: Checkout;
  tenant: string;
  history: number;
  seedSeconds: number;
  /** An object that starts anew on this history until it has answered. */
  wakeMs: number;
}

const JOBS_PER_TRANSACTION = 5_000;
const DAYS = 90;
const DAY_MS = 86_400_000;

/** Makes a ledger with this many settled jobs over the last 90 days. */
export async function seedLedger(
  workers: BenchWorkers,
  checkout: Checkout,
  history: number,
  progress: (text: string) => void,
): Promise<SeededLedger> {
  const tenant = history.toString(16).padStart(12, "0");
  const started = performance.now();
  await workers.ledger(checkout, { op: "provision", tenant });
  const until = Date.now() - 60_000;
  const whole = { total: history, from: until - DAYS * DAY_MS, until };
  for (let first = 0; first < history; first += JOBS_PER_TRANSACTION) {
    if (first % 100_000 === 0) progress(`history of ${history}: ${first}`);
    const count = Math.min(JOBS_PER_TRANSACTION, history - first);
    await workers.ledger(checkout, { op: "seed", tenant, order: { ...whole, first, count } });
  }
  const seedSeconds = (performance.now() - started) / 1_000;
  const wakeMs = await workers.ledger<number>(checkout, { op: "begin", tenant });
  return { checkout, tenant, history, seedSeconds, wakeMs };
}

/** What a replay of the journal says, and how long it took. Throws if the books are wrong. */
export async function auditLedger(
  workers: BenchWorkers,
  { checkout, tenant, history }: SeededLedger,
): Promise<{ history: number; entries: number; seconds: number }> {
  const started = performance.now();
  const report = await workers.ledger<AuditReport>(checkout, { op: "audit", tenant });
  if (!report.consistent) throw new Error(`the ledger is not consistent: ${report.differences.join("; ")}`);
  return { history, entries: report.entries, seconds: (performance.now() - started) / 1_000 };
}
