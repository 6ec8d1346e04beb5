import { expect } from "vitest";
import type { Mode } from "../../../../src/ledger/journal-entry.ts";
import type { Admission, BudgetScope, ReserveRequest, TenantLedgerApi } from "../../../../src/ledger/types.ts";
import { factsOf, isCovered, type Book, type Job } from "./book.ts";
import { same } from "./compare.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Tally } from "./tally.ts";

/** Some equal submits at once: the ledger answers each as the books do, one after the other. */
export async function submit(
  { ledger, book, tally }: { ledger: TenantLedgerApi; book: Book; tally: Tally },
  request: ReserveRequest,
  times: number,
): Promise<void> {
  const asked = Array.from({ length: times }, () => ledger.reserve(request));
  const made: Job[] = [];
  for (const admission of await Promise.all(asked)) {
    const verdict = judge(book, request);
    compareAdmission(admission, verdict);
    if (verdict.ok && !verdict.replayed) made.push(verdict.job);
    tally.saw(admission.ok ? (admission.value.replayed ? "replayed" : "admitted") : admission.error.code);
  }
  if (made[0]) await isCoveredStill(ledger, made[0]);
}

/** Said once more, of what the ledger shows: nothing is over a limit that something was admitted under just now. */
async function isCoveredStill(ledger: TenantLedgerApi, { facts }: Job): Promise<void> {
  const over: unknown[] = [];
  const binds = ({ mode, scope }: { mode: Mode; scope: BudgetScope }): boolean =>
    mode === facts.mode && isCovered(scope, facts);
  const budgets = (await ledger.budgets()).filter(binds);
  over.push(...budgets.filter((budget) => budget.capturedMicros + budget.heldMicros > budget.limitMicros));
  const credit = facts.onCredit ? await ledger.credit() : null;
  if (credit && credit.heldMicros > credit.balanceMicros + credit.limitMicros) over.push(credit);
  const limits = (await ledger.limits()).filter(binds);
  over.push(...limits.filter(({ runningJobs, concurrentJobs }) => runningJobs > (concurrentJobs ?? Infinity)));
  over.push(...limits.filter(({ submitsToday, submitsPerDay }) => submitsToday > (submitsPerDay ?? Infinity)));
  same(over, [], "over the limit");
}

function compareAdmission(admission: Admission, verdict: Verdict): void {
  if (admission.ok !== verdict.ok) expect(admission, "the books say otherwise").toEqual(verdict);
  same(admission.keyExpiresAt, verdict.keyExpiresAt, "when the key ends");
  const remaining = Object.fromEntries(admission.quotas.map((quota) => [quota.policy, quota.remaining]));
  same(remaining, verdict.remaining, "what is left of the limits");
  if (admission.ok && verdict.ok) {
    const { job, replayed, open } = admission.value;
    same(replayed, verdict.replayed, "replayed");
    if (!replayed) verdict.job.id = job.jobId;
    same(job, factsOf(verdict.job), "the job");
    same(open, verdict.job.state === "held", "open");
  } else if (!admission.ok && !verdict.ok) {
    const { code, details } = admission.error;
    if (!verdict.codes.includes(code)) expect(verdict.codes).toContain(code);
    const named = String(details?.["budget"] ?? details?.["limit"]);
    if (verdict.named && !verdict.named.includes(named)) expect(verdict.named).toContain(named);
  }
}
