import { formatMicros } from "../../money/micros.ts";
import { allBudgets, counterOf } from "../budget-store.ts";
import type { JobFacts } from "../journal-entry.ts";
import { journalHead, ledgerNow } from "../journal-store.ts";
import { scopesOf } from "../scope.ts";
import { reportedSeq } from "../tenant-store.ts";
import type { BaseSums } from "./base-sums.ts";
import { changedSpend } from "./checkpoint-store.ts";
import { compareCredit } from "./compare-credit.ts";
import { compareLimits } from "./compare-limits.ts";
import { comparedWindows, type ComparedWindow } from "./compared-windows.ts";
import type { Differences } from "./differences.ts";
import type { Replayed } from "./replayed.ts";
import { parseSpendKey, spendKey, spentBy } from "./spend-key.ts";
import { WindowSums } from "./window-sums.ts";

/** The state that the journal says: what was at the checkpoint, and what entries changed since. */
export interface Rebuilt {
  base: BaseSums;
  replayed: Replayed;
  /** Every open hold. */
  open: ReadonlyMap<string, JobFacts>;
}

type Comparison = (sql: SqlStorage, rebuilt: Rebuilt, differences: Differences) => void;

/** One line for each book that is kept. All of them run in the call that reached the head. */
const COMPARISONS: readonly Comparison[] = [
  compareHolds,
  compareSpend,
  compareCounters,
  compareCredit,
  compareLimits,
  compareReport,
];

export function compareBooks(sql: SqlStorage, rebuilt: Rebuilt, differences: Differences): void {
  for (const compare of COMPARISONS) compare(sql, rebuilt, differences);
}

function compareHolds(sql: SqlStorage, { open }: Rebuilt, differences: Differences): void {
  const seen = new Set<string>();
  for (const row of sql.exec("SELECT job_id, price_micros, facts FROM holds")) {
    const id = String(row["job_id"]);
    const job = open.get(id);
    seen.add(id);
    if (!job) differences.add(`job ${id}: hold row without an open journal entry`);
    else if (row["price_micros"] !== job.priceMicros) differences.add(`job ${id}: hold row has another amount`);
    else if (row["facts"] !== JSON.stringify(job)) differences.add(`job ${id}: hold row has other facts`);
  }
  for (const id of open.keys()) if (!seen.has(id)) differences.add(`job ${id}: open in the journal, no hold row`);
}

function compareSpend(sql: SqlStorage, { replayed }: Rebuilt, differences: Differences): void {
  const expected = new Map(replayed.spend);
  const differ = (key: string, inUse: number, rebuilt: number): void =>
    differences.add(
      `spend ${key}: ${formatMicros(inUse)} since the checkpoint in use, ${formatMicros(rebuilt)} from the journal`,
    );
  for (const { key, capturedMicros, checkpointMicros } of changedSpend(sql)) {
    const text = spendKey(key);
    const rebuilt = expected.get(text) ?? 0;
    expected.delete(text);
    if (capturedMicros - checkpointMicros !== rebuilt) differ(text, capturedMicros - checkpointMicros, rebuilt);
  }
  for (const [key, rebuilt] of expected) if (rebuilt !== 0) differ(key, 0, rebuilt);
}

function compareCounters(sql: SqlStorage, { base, replayed, open }: Rebuilt, differences: Differences): void {
  const windows = comparedWindows(allBudgets(sql), ledgerNow(sql));
  const captured = new WindowSums(windows);
  for (const [key, micros] of replayed.spend) captured.add(spentBy(parseSpendKey(key)), micros);
  const held = new WindowSums(windows);
  for (const job of open.values()) {
    held.add({ mode: job.mode, at: job.admittedAt, scopes: scopesOf(job) }, job.priceMicros);
  }
  for (const window of windows) {
    const inUse = counterOf(sql, window.budget.id, window.window.id);
    // No row: nothing was counted in this window yet, or it ended before the budget was made.
    if (!inUse && !window.current) continue;
    const expect = expectIn(window, differences);
    expect("captured", inUse?.captured_micros ?? 0, base.captured(window) + (captured.of(window.key)?.micros ?? 0));
    expect("held", inUse?.held_micros ?? 0, held.of(window.key)?.micros ?? 0);
    if ((inUse?.held_jobs ?? 0) !== held.of(window.key)?.jobs) {
      differences.add(`budget ${window.budget.id} (${window.window.id}): another number of held jobs`);
    }
  }
}

const expectIn =
  ({ budget, window }: ComparedWindow, differences: Differences) =>
  (name: string, inUse: number, rebuilt: number): void => {
    if (inUse === rebuilt) return;
    differences.add(
      `budget ${budget.id} (${window.id}): ${name} ${formatMicros(inUse)} in use, ${formatMicros(rebuilt)} from the journal`,
    );
  };

/** The one thing that a cut-off end of the journal cannot hide from: D1 has had more of it. */
function compareReport(sql: SqlStorage, _rebuilt: Rebuilt, differences: Differences): void {
  const [reported, head] = [reportedSeq(sql), journalHead(sql).seq];
  if (reported > head) differences.add(`journal: ends at ${head}, but D1 has its entries up to ${reported}`);
}
