import { endCreditHold } from "./credit-store.ts";
import { deleteHold, findHold, type Hold } from "./hold-store.ts";
import { freeIdempotent, isRecent } from "./idempotency-store.ts";
import { appendEntry } from "./journal-store.ts";
import type { EntryBody, JobFacts } from "./journal-entry.ts";
import { countJobEnded } from "./limit-store.ts";
import { readState, type LedgerMemory } from "./ledger-state.ts";
import { scopesOf } from "./scope.ts";
import type { Settlement } from "./types.ts";

/** Characters of a reason that are kept: entries travel in messages of a bounded size. */
const REASON_MAX = 500;

/**
 * Ends a hold, once: the row's own presence is the permission, and it is gone afterwards. A repeat,
 * a rival or a stranger finds no row, writes nothing and is told `not_open`. Answers the hold that it ended.
 */
export function settle(sql: SqlStorage, memory: LedgerMemory, input: Settlement): Hold | "not_open" {
  const hold = findHold(sql, input.jobId);
  const state = hold && readState(sql, memory);
  if (!state) return "not_open";
  const { now: endedAt, tenant } = state;
  const { job } = hold;
  const scopes = scopesOf(job);
  const budgets = state.definitions.budgets(job.mode, scopes);
  let place = state;
  for (const body of entriesOf(input, job, endedAt)) {
    const head = appendEntry(sql, body, endedAt, tenant.timeZone, place.head);
    state.counters.append(place, head, body, budgets);
    place = { ...place, head };
  }
  const ended = { heldMicros: job.priceMicros, capturedMicros: input.action === "capture" ? job.priceMicros : 0 };
  if (job.onCredit) endCreditHold(sql, ended);
  if (state.hasLimits) countJobEnded(sql, job.mode, scopes);
  deleteHold(sql, job.jobId);
  if (hold.idempotency !== null && mayRepeat(hold.idempotency, input)) {
    freeIdempotent(sql, hold.idempotency, job.jobId);
  }
  return hold;
}

/** What the journal is told, in this order: who decided it, the end itself, and what is written off. */
function entriesOf(input: Settlement, job: JobFacts, endedAt: number): EntryBody[] {
  const { jobId, action, outcome, resolvedBy: actor } = input;
  const reason = input.reason.slice(0, REASON_MAX);
  const decided: EntryBody[] = actor === undefined ? [] : [{ kind: "resolved", jobId, action, reason, actor }];
  if (action === "capture") return [...decided, { kind: "capture", job, outcome, endedAt }];
  const { costMicros } = job;
  const lost: EntryBody[] = outcome === "expired" ? [{ kind: "write_off", jobId, costMicros, reason }] : [];
  return [...decided, { kind: "release", job, outcome, reason, endedAt }, ...lost];
}

/** A job never sent was no job; and a dedupe window is against repeats by mistake, not against a second try. */
const mayRepeat = (scope: string, { action, outcome }: Settlement): boolean =>
  outcome === "never_sent" || (action === "release" && isRecent(scope));
