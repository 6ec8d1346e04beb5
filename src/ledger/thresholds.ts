import { countUp } from "./count-up.ts";
import { markReached } from "./counter-store.ts";
import { appendEntry } from "./journal-store.ts";
import { passedThresholds } from "./passed-thresholds.ts";
import type { BudgetState, TenantInfo } from "./types.ts";

/**
 * Journals each threshold that a budget's window has come to for the first time. What was reached stays
 * reached while the window lasts, also when a hold is given back, so each event comes once.
 */
export function raiseThresholds(sql: SqlStorage, tenant: TenantInfo, budget: BudgetState, at: number): void {
  if (budget.reached.length === budget.thresholds.length) return;
  const fresh = passedThresholds(budget).filter((percent) => !budget.reached.includes(percent));
  if (fresh.length === 0) return;
  // The hold that reached them may be the first of its window, which has no counter before that is counted.
  countUp(sql);
  const windowId = markReached(sql, budget, [...budget.reached, ...fresh], at);
  const usedMicros = budget.capturedMicros + budget.heldMicros;
  for (const percent of fresh) {
    const { id, limitMicros } = budget;
    appendEntry(
      sql,
      { kind: "threshold", budget: id, windowId, percent, usedMicros, limitMicros },
      at,
      tenant.timeZone,
    );
  }
}
