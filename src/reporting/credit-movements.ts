import type { JournalEntry } from "../ledger/journal-entry.ts";

/** Money that people gave a tenant's credit or took from it. Micro-dollars; times: epoch ms. */
export interface CreditMovement {
  seq: number;
  at: number;
  cause: "top_up" | "adjustment";
  amountMicros: number;
  /** What the credit stood at right after it. */
  balanceMicros: number;
  reason: string;
}

/** Copies the entries of this kind: there are few, and each is its own row, so that twice is once. */
export function copyMovements(db: D1Database, tenant: string, entries: readonly JournalEntry[]): D1PreparedStatement[] {
  const rows = entries.flatMap(({ seq, at, localDay, body }) =>
    body.kind === "credit"
      ? [
          {
            seq,
            at,
            day: localDay,
            cause: body.cause,
            amount: body.amountMicros,
            balance: body.balanceMicros,
            reason: body.reason,
          },
        ]
      : [],
  );
  return rows.length === 0 ? [] : [db.prepare(COPY).bind(tenant, JSON.stringify(rows))];
}

const COPY = `
  INSERT INTO credit_movements (tenant, seq, at, local_day, cause, amount_micros, balance_micros, reason)
  SELECT ?1, value ->> 'seq', value ->> 'at', value ->> 'day', value ->> 'cause', value ->> 'amount', value ->> 'balance',
    value ->> 'reason'
  FROM json_each(?2) WHERE true
  ON CONFLICT (tenant, local_day, seq) DO NOTHING`;

export const MOVEMENTS_MAX = 1_000;

/** Movements of a span of the tenant's local days, the oldest first, one more than can be shown. */
export async function creditMovements(
  db: D1Database,
  { tenant, from, to }: { tenant: string; from: string; to: string },
): Promise<CreditMovement[]> {
  const { results } = await db
    .prepare(READ)
    .bind(tenant, from, to, MOVEMENTS_MAX + 1)
    .all<CreditMovement>();
  return results;
}

const READ = `
  SELECT seq, at, cause, amount_micros AS amountMicros, balance_micros AS balanceMicros, reason
  FROM credit_movements WHERE tenant = ?1 AND local_day BETWEEN ?2 AND ?3 ORDER BY local_day, seq LIMIT ?4`;
