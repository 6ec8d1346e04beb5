import { toCredit } from "./credit-store.ts";
import { GENESIS_HASH, type JournalHead } from "./journal-store.ts";
import { KEY_COLUMNS, toFoundKey } from "./key-store.ts";
import type { FoundKey } from "./check-key.ts";
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

const COLUMNS = `
  tenant.*, head.seq AS head_seq, head.hash AS head_hash, head.at AS head_at,
  credit.balance_micros, credit.held_micros, credit.held_jobs, credit.limit_micros,
  EXISTS (SELECT 1 FROM limits) AS has_limits`;

const TABLES = `
  tenant LEFT JOIN credit ON credit.id = 1
    LEFT JOIN (SELECT seq, hash, at FROM journal ORDER BY seq DESC LIMIT 1) AS head ON true`;

const READ = `SELECT ${COLUMNS} FROM ${TABLES} WHERE tenant.id = 1`;

const READ_WITH_KEY = `
  SELECT ${COLUMNS}, ${KEY_COLUMNS} FROM ${TABLES}
    LEFT JOIN key_secrets AS secret ON secret.hash = ? LEFT JOIN keys ON keys.id = secret.key_id
  WHERE tenant.id = 1`;

/** The state, and the key that a secret's hash belongs to (null: none). One statement: it begins every admission. */
export function readStateWithKey(sql: SqlStorage, hash: string): { state: LedgerState; found: FoundKey | null } | null {
  const row = sql.exec(READ_WITH_KEY, hash).toArray()[0];
  return row ? { state: toState(row), found: toFoundKey(row) } : null;
}

/** Null: nobody has made this tenant. */
export function readState(sql: SqlStorage): LedgerState | null {
  const row = sql.exec(READ).toArray()[0];
  return row ? toState(row) : null;
}

function toState(row: Record<string, SqlStorageValue>): LedgerState {
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
