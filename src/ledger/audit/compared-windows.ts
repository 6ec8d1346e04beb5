import type { Mode } from "../journal-entry.ts";
import { scopeKey } from "../scope.ts";
import type { Budget } from "../types.ts";
import { windowAt, type Window } from "../windows.ts";

/** A job ends within 8 days; a window that ended longer ago changes no more, and nothing reads it. */
const SETTLES_WITHIN_MS = 9 * 86_400_000;

/** One counter to compare: a budget in one of its windows. */
export interface ComparedWindow {
  /** Equal for equal scope, mode, window and zone, whatever became of the budget's row in between. */
  key: string;
  /** Mode and scope: what jobs of it are found by. */
  scope: string;
  budget: Budget;
  window: Window;
  /** The window that admissions count in now. */
  current: boolean;
}

/** The current window of each budget, and those before it that an open job may belong to. */
export function comparedWindows(budgets: readonly Budget[], now: number): ComparedWindow[] {
  return budgets.flatMap((budget) => {
    const scope = scopeOf(budget.mode, scopeKey(budget.scope));
    return liveWindows(budget, now).map((window, index) => {
      const key = JSON.stringify([budget.id, scope, window.id, window.start, window.end]);
      return { key, scope, budget, window, current: index === 0 };
    });
  });
}

function liveWindows({ window: kind, timeZone }: Budget, now: number): Window[] {
  const windows = [windowAt(kind, now, timeZone)];
  for (let last = windows[0]; last?.start != null && last.start > now - SETTLES_WITHIN_MS;) {
    last = windowAt(kind, last.start - 1, timeZone);
    windows.push(last);
  }
  return windows;
}

export const scopeOf = (mode: Mode, key: string): string => `${mode}|${key}`;
