import { expect } from "vitest";
import type { Admission, ReserveRequest, TenantLedgerApi } from "../../../../src/ledger/types.ts";
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

/** Said once more, of what the ledger shows and without the books: nothing is over a limit that was just admitted under it. */
async function isCoveredStill(ledger: TenantLedgerApi, { facts }: Job): Promise<void> {
  for (const budget of await ledger.budgets()) {
    if (budget.mode !== facts.mode || !isCovered(budget.scope, facts)) continue;
    expect(budget.capturedMicros + budget.heldMicros).toBeLessThanOrEqual(budget.limitMicros);
  }
  const credit = facts.onCredit ? await ledger.credit() : null;
  if (credit) expect(credit.heldMicros).toBeLessThanOrEqual(credit.balanceMicros + credit.limitMicros);
  for (const limit of await ledger.limits()) {
    if (limit.mode !== facts.mode || !isCovered(limit.scope, facts)) continue;
    expect(limit.runningJobs).toBeLessThanOrEqual(limit.concurrentJobs ?? Infinity);
    expect(limit.submitsToday).toBeLessThanOrEqual(limit.submitsPerDay ?? Infinity);
  }
}

function compareAdmission(admission: Admission, verdict: Verdict): void {
  if (admission.ok !== verdict.ok) expect(admission, "the books say otherwise").toEqual(verdict);
  same(admission.keyExpiresAt, verdict.keyExpiresAt, "when the key ends");
  const remaining = Object.fromEntries(admission.quotas.map((quota) => [quota.policy, quota.remaining]));
  expect(remaining, "what is left of the limits").toEqual(verdict.remaining);
  if (admission.ok && verdict.ok) {
    const { job, replayed, open } = admission.value;
    expect(replayed).toBe(verdict.replayed);
    if (!replayed) verdict.job.id = job.jobId;
    expect(job).toEqual(factsOf(verdict.job));
    expect(open).toBe(verdict.job.state === "held");
  } else if (!admission.ok && !verdict.ok) {
    const { code, details } = admission.error;
    expect(verdict.codes).toContain(code);
    if (verdict.named) expect(verdict.named).toContain(details?.["budget"] ?? details?.["limit"]);
  }
}
