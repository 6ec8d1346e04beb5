import { formatMicros } from "../../money/micros.ts";
import type { EntryBody, JobFacts } from "../journal-entry.ts";
import type { Differences } from "./differences.ts";
import type { Replayed } from "./replayed.ts";
import { spendKeysOf } from "./spend-key.ts";

/** Applies one entry: one case for each kind. What cannot be is a difference, never a throw. */
export function foldEntry(into: Replayed, seq: number, body: EntryBody, differences: Differences): void {
  switch (body.kind) {
    case "hold":
      return foldHold(into, body.job, differences);
    case "capture":
      foldEnd(into, body.job, differences);
      return foldCharge(into, body.job);
    case "release":
      return foldEnd(into, body.job, differences);
    case "credit":
      return foldCredit(into, seq, body, differences);
    case "credit_limit":
      into.credit.limitMicros = body.limitMicros;
      return;
    case "unknown":
    case "needs_operator":
    case "threshold":
    case "resolved":
    case "write_off":
    case "loss":
      return; // A mark: nothing that is counted moves.
    default:
      return unknownKind(body, seq, differences);
  }
}

function foldHold(into: Replayed, job: JobFacts, differences: Differences): void {
  if (into.opened.has(job.jobId)) differences.add(`job ${job.jobId}: held twice`);
  into.opened.set(job.jobId, job);
}

function foldEnd(into: Replayed, job: JobFacts, differences: Differences): void {
  const held = into.opened.get(job.jobId);
  if (held) {
    into.opened.delete(job.jobId);
    if (!sameFacts(held, job)) differences.add(`job ${job.jobId}: ended with other facts than it was held with`);
  } else if (into.ended.has(job.jobId)) {
    differences.add(`job ${job.jobId}: ended twice`);
  } else {
    into.ended.set(job.jobId, job);
  }
}

function foldCharge(into: Replayed, job: JobFacts): void {
  for (const key of spendKeysOf(job)) into.spend.set(key, (into.spend.get(key) ?? 0) + job.priceMicros);
  into.captured[job.mode] += job.priceMicros;
  if (job.onCredit) into.credit.balanceMicros -= job.priceMicros;
}

/** Each movement says what it left: that must be what all entries before it make. */
function foldCredit(
  { credit }: Replayed,
  seq: number,
  body: Extract<EntryBody, { kind: "credit" }>,
  differences: Differences,
): void {
  credit.balanceMicros += body.amountMicros;
  credit.limitMicros ??= 0; // The first top-up makes the credit, prepaid.
  if (credit.balanceMicros === body.balanceMicros) return;
  differences.add(
    `journal: entry ${seq} left a balance of ${formatMicros(body.balanceMicros)}, the entries make ${formatMicros(credit.balanceMicros)}`,
  );
}

/** The compiler knows every kind; a row may have been written by a newer version, or by nobody. */
function unknownKind(body: never, seq: number, differences: Differences): void {
  const { kind } = body as { kind?: unknown };
  differences.add(`journal: entry ${seq} is of a kind that this version does not know: ${JSON.stringify(kind)}`);
}

export const sameFacts = (a: JobFacts, b: JobFacts): boolean => JSON.stringify(a) === JSON.stringify(b);
