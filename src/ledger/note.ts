import { findHold, markHold } from "./hold-store.ts";
import { appendEntry } from "./journal-store.ts";
import type { EntryBody } from "./journal-entry.ts";
import { readState, type LedgerMemory } from "./ledger-state.ts";
import type { TenantLedgerApi } from "./types.ts";

type Note = Parameters<TenantLedgerApi["note"]>[0];

/** Journals what became of an open job's knowledge. False: the note changes nothing, and nothing is written. */
export function note(sql: SqlStorage, memory: LedgerMemory, input: Note): boolean {
  const hold = findHold(sql, input.jobId);
  const state = hold && readState(sql, memory);
  if (!state) return false;
  const mark = {
    unknown: input.kind === "needs_operator" ? hold.unknown : input.kind === "unknown_entered",
    needsOperator: hold.needsOperator || input.kind === "needs_operator",
  };
  if (mark.unknown === hold.unknown && mark.needsOperator === hold.needsOperator) return false;
  markHold(sql, input.jobId, mark);
  const body = bodyOf(input);
  const head = appendEntry(sql, body, state.now, state.tenant.timeZone, state.head);
  state.counters.append(state, head, body);
  return true;
}

const bodyOf = (input: Note): EntryBody =>
  input.kind === "needs_operator"
    ? { kind: "needs_operator", jobId: input.jobId, reason: input.reason }
    : { kind: "unknown", jobId: input.jobId, entered: input.kind === "unknown_entered" };
