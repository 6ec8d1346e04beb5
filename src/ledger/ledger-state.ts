import { toCredit } from "./credit-store.ts";
import { Definitions } from "./definitions.ts";
import { GENESIS_HASH, type JournalHead } from "./journal-store.ts";
import type { Terms } from "./tenant-store.ts";
import type { Credit } from "./types.ts";
import { CountersInUse } from "./counters-in-use.ts";

/** What an instance keeps between calls; each part knows by itself what it is true for. */
export interface LedgerMemory {
  definitions: Definitions;
  counters: CountersInUse;
}

export const nothingKept = (sql: SqlStorage): LedgerMemory => ({
  definitions: new Definitions(sql),
  counters: new CountersInUse(sql),
});

/** What every admission and settlement needs of its ledger, read at once. True only inside one transaction. */
export interface LedgerState extends Terms {
  definitions: Pick<Definitions, "key" | "budgets">;
  counters: CountersInUse;
  head: JournalHead;
  /** Which state of the definitions this is. */
  revision: number;
  /** The last entry that is counted in the tables; those after it are in memory (`counters`). */
  countedSeq: number;
  /** The ledger's clock, epoch ms: it never runs back behind what was written. */
  now: number;
  credit: Credit | null;
}

/** Only what moves: it begins every admission, and a column costs as much as a comparison of two. */
const READ = `
  SELECT tenant.revision, tenant.clock, tenant.counted_seq, head.seq AS head_seq, head.hash AS head_hash, head.at AS head_at,
    credit.balance_micros, credit.held_micros, credit.held_jobs, credit.limit_micros
  FROM tenant LEFT JOIN credit ON credit.id = 1
    LEFT JOIN (SELECT seq, hash, at FROM journal ORDER BY seq DESC LIMIT 1) AS head ON true
  WHERE tenant.id = 1`;

/** Null: nobody has made this tenant. */
export function readState(sql: SqlStorage, { definitions, counters }: LedgerMemory): LedgerState | null {
  const row = sql.exec(READ).toArray()[0];
  if (!row) return null;
  const revision = Number(row["revision"]);
  definitions.at(revision);
  const headAt = Number(row["head_at"] ?? 0);
  return {
    ...definitions.terms(),
    definitions,
    counters,
    head: { seq: Number(row["head_seq"] ?? 0), hash: String(row["head_hash"] ?? GENESIS_HASH), at: headAt },
    revision,
    countedSeq: Number(row["counted_seq"]),
    now: Math.max(Date.now(), headAt, Number(row["clock"])),
    credit: toCredit(row),
  };
}
