import { formatMicros } from "../../money/micros.ts";
import { allBudgets } from "../budget-store.ts";
import { counterOf } from "../counter-store.ts";
import type { JobFacts } from "../journal-entry.ts";
import { ledgerNow } from "../journal-store.ts";
import { scopesOf } from "../scope.ts";
import type { BaseSums, Books } from "./books.ts";
import { comparedWindows, type ComparedWindow } from "./compared-windows.ts";
import { parseSpendKey, spentBy, type Spent } from "./spend-key.ts";
import { WindowSums, type WindowSum } from "./window-sums.ts";

/** The counters of each budget, budget by budget: a call handles as many windows as it may rows. */
export function compareCounters(books: Books): (rowsMax: number) => number {
  let after = "";
  return (rowsMax) => {
    const windows: ComparedWindow[] = [];
    const now = ledgerNow(books.sql);
    for (const budget of allBudgets(books.sql)) {
      if (windows.length >= rowsMax) break;
      if (budget.id <= after) continue;
      windows.push(...comparedWindows([budget], now));
      after = budget.id;
    }
    compareWindows(books, windows);
    return windows.length;
  };
}

function compareWindows({ sql, base, since, differences }: Books, windows: readonly ComparedWindow[]): void {
  const captured = new WindowSums(windows);
  for (const [key, micros] of since.spend) captured.add(spentBy(parseSpendKey(key)), micros);
  const held = new WindowSums(windows);
  for (const job of since.opened.values()) held.add(holdOf(job), job.priceMicros);
  for (const job of since.ended.values()) held.add(holdOf(job), -job.priceMicros, -1);
  for (const window of windows) {
    const { budget, key } = window;
    const before = atBase(base, window);
    if (!before) continue;
    const inUse = counterOf(sql, budget.id, window.window.id);
    // No row: nothing was counted in this window yet, or it ended before the budget was made.
    if (!inUse && !window.current) continue;
    const expect = (name: string, kept: number, rebuilt: number): void => {
      if (kept === rebuilt) return;
      const [a, b] = [formatMicros(kept), formatMicros(rebuilt)];
      differences.add(`budget ${budget.id} (${window.window.id}): ${name} ${a} in use, ${b} from the journal`);
    };
    expect("captured", inUse?.captured_micros ?? 0, before.captured.micros + (captured.of(key)?.micros ?? 0));
    expect("held", inUse?.held_micros ?? 0, before.held.micros + (held.of(key)?.micros ?? 0));
    if ((inUse?.held_jobs ?? 0) !== before.held.jobs + (held.of(key)?.jobs ?? 0)) {
      differences.add(`budget ${budget.id} (${window.window.id}): another number of held jobs`);
    }
  }
}

const NONE: WindowSum = { micros: 0, jobs: 0 };

/** Null: a budget that was made or changed since the audit began, which the next one compares. */
function atBase(base: BaseSums, { key, window }: ComparedWindow): { captured: WindowSum; held: WindowSum } | null {
  const [captured, held] = [base.captured.of(key), base.held.of(key)];
  if (captured && held) return { captured, held };
  return window.start !== null && window.start > base.began ? { captured: NONE, held: NONE } : null;
}

const holdOf = (job: JobFacts): Spent => ({ mode: job.mode, at: job.admittedAt, scopes: scopesOf(job) });
