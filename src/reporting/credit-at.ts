import { RUN, RUN_ENTRIES_MAX } from "./complete-to.ts";

/** What had moved a tenant's credit by some moment, since ever: micro-dollars. The balance is `moved - captured`. */
export interface CreditSums {
  /** Top-ups and adjustments. */
  movedMicros: number;
  /** The prices of jobs that were captured on credit. */
  capturedMicros: number;
}

/** `seq`: the entry up to which the last of the months is told. */
export interface CreditOfMonth {
  before: CreditSums;
  end: CreditSums;
  seq: number;
}

const sumOf = (kind: string, amount: string): string =>
  // One entry from before this was kept, and the sum is not known.
  `iif(count(*) > count(credit_micros), NULL, coalesce(sum(${amount}) FILTER (WHERE kind = '${kind}'), 0))`;

/** Aggregates over `RUN`'s entries; null: one of them does not say. */
export const MOVED = sumOf("credit", "credit_micros");
export const CAPTURED = sumOf("capture", "-credit_micros");

/**
 * A tenant's credit at the beginning and at the end of a month of its calendar (YYYY-MM), or as far as D1 is complete where the month
 * goes on: from the closings of earlier months, the watermark, and what follows it. Null: D1 has entries from before this was
 * kept, and a rebuild will tell.
 */
export async function creditOfMonth(db: D1Database, tenant: string, month: string): Promise<CreditOfMonth | null> {
  const row = await db
    .prepare(READ)
    .bind(tenant, RUN_ENTRIES_MAX, month)
    .first<Record<"seq" | "movedBefore" | "capturedBefore" | "moved" | "captured", number | null>>();
  if (!row) throw new Error("a row without a condition is always there");
  const { seq, movedBefore, capturedBefore, moved, captured } = row;
  if (movedBefore === null || capturedBefore === null || moved === null || captured === null) return null;
  return {
    before: { movedMicros: movedBefore, capturedMicros: capturedBefore },
    end: { movedMicros: moved, capturedMicros: captured },
    seq: seq ?? 0,
  };
}

/** Up to the months for which this says so: of the watermark and its run where that is not beyond them, else a closing. */
const upTo = (name: "moved" | "captured", is: "<" | "<="): string => `
  CASE WHEN mark.${name} IS NULL THEN NULL
       WHEN mark.month ${is} ?3 OR mark.seq = 0
         THEN mark.${name} + (SELECT iif(count(*) > count(${name}), NULL, coalesce(sum(${name}), 0)) FROM months WHERE month ${is} ?3)
       ELSE coalesce((SELECT ${name}_micros FROM credit_months WHERE tenant = ?1 AND month ${is} ?3
                      ORDER BY month DESC LIMIT 1), 0) END`;

// The run is read once.
const READ = `
  WITH ${RUN},
  months AS MATERIALIZED
    (SELECT month, ${MOVED} AS moved, ${CAPTURED} AS captured, max(seq) AS seq FROM run GROUP BY month)
  SELECT coalesce((SELECT max(seq) FROM months), mark.seq) AS seq,
    ${upTo("moved", "<")} AS movedBefore, ${upTo("captured", "<")} AS capturedBefore,
    ${upTo("moved", "<=")} AS moved, ${upTo("captured", "<=")} AS captured
  FROM mark`;
