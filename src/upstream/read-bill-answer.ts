import { readBy, type AnswerRow } from "./answer-row.ts";
import type { BillingAnswer } from "./answers.ts";
import { isRecord } from "./envelope.ts";

/** The types of the records of one task; null: they could not be read. */
type Given = string[] | null;

type Said = { [K in BillingAnswer]: { kind: K } }[BillingAnswer];

/** What WaveSpeed's billing records say of a task. */
export const BILL_ANSWERS: readonly AnswerRow<Given, Said>[] = [
  {
    answer: "no list of records; no answer in 10 s",
    means: "unreachable",
    read: (types) => (types === null ? { kind: "unreachable" } : null),
  },
  {
    answer: "a `refund` of the task",
    means: "refunded",
    read: (types) => (types?.includes("refund") ? { kind: "refunded" } : null),
  },
  {
    answer: "a `deduct`, and no `refund`",
    means: "charged",
    read: (types) => (types?.includes("deduct") ? { kind: "charged" } : null),
  },
  { answer: "no record of the task", means: "nothing", read: () => ({ kind: "nothing" }) },
];

/** `items`: the records that came for the task; null: none could be read. */
export function readBillAnswer(items: Record<string, unknown>[] | null, upstreamId: string): BillingAnswer {
  const own = items?.filter(({ prediction }) => isRecord(prediction) && prediction["uuid"] === upstreamId);
  return readBy<Given, Said>(BILL_ANSWERS, own ? own.map((item) => String(item["billing_type"])) : null).kind;
}
