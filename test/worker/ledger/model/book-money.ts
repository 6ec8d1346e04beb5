import type { JobFacts } from "../../../../src/ledger/journal-entry.ts";
import type { Budget, BudgetState, Credit } from "../../../../src/ledger/types.ts";
import { windowName } from "./calendar.ts";
import { isCovered, nowOf, pricesOf, sum, write, type Book, type Job, type KeptBudget } from "./book.ts";

/** What the jobs of a budget's window at `at` come to. */
export function usageOf(book: Book, budget: Budget, at: number) {
  const name = windowName(budget.window, at, budget.timeZone);
  const counted = book.jobs.filter(
    ({ facts, state }) =>
      state !== "released" &&
      facts.mode === budget.mode &&
      isCovered(budget.scope, facts) &&
      windowName(budget.window, facts.admittedAt, budget.timeZone) === name,
  );
  const held = counted.filter((job) => job.state === "held");
  const captured = counted.filter((job) => job.state === "captured");
  return { name, captured: pricesOf(captured), held: pricesOf(held), heldJobs: held.length };
}

export const remainingOf = (book: Book, budget: Budget): number => {
  const { captured, held } = usageOf(book, budget, nowOf(book));
  return budget.limitMicros - captured - held;
};

/** The budgets that bind such a job, by id. */
export const bindingBudgets = (book: Book, job: Pick<JobFacts, "mode" | "team" | "keyId" | "model" | "tags">) =>
  byId(book.budgets).filter((budget) => budget.mode === job.mode && isCovered(budget.scope, job));

export const byId = <T extends { id: string }>(rows: Map<string, T>): T[] =>
  [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What a sandbox key is given where nobody gave it a tenant-level budget; the name is kept for that. */
export const SANDBOX_ID = "sandbox-default";

/** A window tells each threshold once; a limit raised above what was used makes it worth telling again. */
export function putBudget(book: Book, budget: Budget): void {
  const isSandboxes = budget.mode === "test" && budget.scope.kind === "tenant";
  if (isSandboxes && budget.id !== SANDBOX_ID) book.budgets.delete(SANDBOX_ID);
  const earlier = book.budgets.get(budget.id);
  const name = windowName(budget.window, nowOf(book), budget.timeZone);
  const told = earlier && isSameMoney(earlier, budget) ? [...(earlier.told.get(name) ?? [])] : [];
  const kept: KeptBudget = { ...budget, told: new Map() };
  const reached = thresholdsReached(book, kept);
  kept.told.set(name, new Set(told.filter((percent) => reached.includes(percent))));
  book.written = nowOf(book);
  book.budgets.set(budget.id, kept);
  tellThresholds(book, kept);
}

const isSameMoney = (a: Budget, b: Budget): boolean =>
  JSON.stringify([a.mode, a.scope, a.window, a.timeZone]) === JSON.stringify([b.mode, b.scope, b.window, b.timeZone]);

function thresholdsReached(book: Book, budget: KeptBudget): number[] {
  const { captured, held } = usageOf(book, budget, nowOf(book));
  const used = captured + held;
  return budget.thresholds.filter((percent) => used > 0 && used * 100 >= budget.limitMicros * percent);
}

export function tellThresholds(book: Book, budget: KeptBudget): void {
  const { name, captured, held } = usageOf(book, budget, nowOf(book));
  const told = budget.told.get(name) ?? new Set();
  budget.told.set(name, told);
  for (const percent of thresholdsReached(book, budget)) {
    if (told.has(percent)) continue;
    told.add(percent);
    const { id, limitMicros } = budget;
    write(book, () => ({ kind: "threshold", budget: id, percent, usedMicros: captured + held, limitMicros }));
  }
}

/** What `budgets()` has to answer, apart from when windows begin and end. */
export function budgetStates(book: Book): Omit<BudgetState, "windowStart" | "windowEnd">[] {
  return byId(book.budgets).map(({ told, ...budget }) => {
    const { name, captured, held, heldJobs } = usageOf(book, budget, nowOf(book));
    const reached = [...(told.get(name) ?? [])].sort((a, b) => a - b);
    return { ...budget, capturedMicros: captured, heldMicros: held, heldJobs, reached };
  });
}

export function creditOf(book: Book): Credit | null {
  if (book.creditLimit === null) return null;
  const onCredit = (state: Job["state"]): Job[] => book.jobs.filter((job) => job.facts.onCredit && job.state === state);
  return {
    balanceMicros: sum(book.movements) - pricesOf(onCredit("captured")),
    heldMicros: pricesOf(onCredit("held")),
    heldJobs: onCredit("held").length,
    limitMicros: book.creditLimit,
  };
}
