import { GENESIS_HASH, type JournalHead } from "./journal-store.ts";
import { toTenant } from "./tenant-store.ts";
import type { Credit, TenantInfo } from "./types.ts";

/** What every admission and settlement needs of its ledger, read at once. True only inside one transaction. */
export interface LedgerState {
  tenant: TenantInfo;
  head: JournalHead;
  /** The ledger's clock, epoch ms: it never runs back behind what was written. */
  now: number;
  /** Newest price version that was used, by model. */
  rateVersions: Readonly<Record<string, number>>;
  credit: Credit | null;
  hasLimits: boolean;
}

const READ = `
  SELECT tenant.*, head.seq AS head_seq, head.hash AS head_hash, head.at AS head_at,
    credit.balance_micros, credit.held_micros, credit.held_jobs, credit.limit_micros,
    EXISTS (SELECT 1 FROM limits) AS has_limits
  FROM tenant LEFT JOIN credit ON credit.id = 1
    LEFT JOIN (SELECT seq, hash, at FROM journal ORDER BY seq DESC LIMIT 1) AS head ON true
  WHERE tenant.id = 1`;

/** Null: nobody has made this tenant. */
export function readState(sql: SqlStorage): LedgerState | null {
  const row = sql.exec(READ).toArray()[0];
  if (!row) return null;
  const headAt = Number(row["head_at"] ?? 0);
  return {
    tenant: toTenant(row),
    head: { seq: Number(row["head_seq"] ?? 0), hash: String(row["head_hash"] ?? GENESIS_HASH), at: headAt },
    now: Math.max(Date.now(), headAt, Number(row["clock"])),
    rateVersions: JSON.parse(String(row["rate_versions"])) as Record<string, number>,
    credit: toCredit(row),
    hasLimits: row["has_limits"] === 1,
  };
}

function toCredit(row: Record<string, SqlStorageValue>): Credit | null {
  if (row["limit_micros"] === null) return null;
  return {
    balanceMicros: Number(row["balance_micros"]),
    heldMicros: Number(row["held_micros"]),
    heldJobs: Number(row["held_jobs"]),
    limitMicros: Number(row["limit_micros"]),
  };
}
