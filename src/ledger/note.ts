import { findHold, markHold } from "./hold-store.ts";
import { appendEntry, ledgerNow } from "./journal-store.ts";
import type { EntryBody } from "./journal-entry.ts";
import type { TenantInfo, TenantLedgerApi } from "./types.ts";

type Note = Parameters<TenantLedgerApi["note"]>[0];

/** Journals what became of an open job's knowledge. A note that changes nothing writes nothing. */
export function note(sql: SqlStorage, tenant: TenantInfo, input: Note): void {
  const hold = findHold(sql, input.jobId);
  if (!hold) return;
  const mark = {
    unknown: input.kind === "needs_operator" ? hold.unknown : input.kind === "unknown_entered",
    needsOperator: hold.needsOperator || input.kind === "needs_operator",
  };
  if (mark.unknown === hold.unknown && mark.needsOperator === hold.needsOperator) return;
  markHold(sql, input.jobId, mark);
  appendEntry(sql, bodyOf(input), ledgerNow(sql), tenant.timeZone);
}

const bodyOf = (input: Note): EntryBody =>
  input.kind === "needs_operator"
    ? { kind: "needs_operator", jobId: input.jobId, reason: input.reason }
    : { kind: "unknown", jobId: input.jobId, entered: input.kind === "unknown_entered" };
