import { ledgerNow } from "../journal-store.ts";
import type { AuditScope } from "./audit-run.ts";
import type { ChainPosition } from "./chain.ts";
import { signCheckpoint, type Checkpoint, type CheckpointTotals, readTotals } from "./checkpoint.ts";
import { digestOfHolds, moveBase, saveCheckpoint } from "./checkpoint-store.ts";

/** What a consistent audit found, in the very call that compared it: `at` is the head. */
export interface Verified {
  before: Checkpoint | null;
  at: ChainPosition;
  totals: Pick<CheckpointTotals, "captured" | "held" | "openHolds" | "credit">;
}

/**
 * Makes the state in use the new checkpoint, if enough entries came since the last one, or that one
 * was signed under an older secret. Call inside a transaction. Null: none was due.
 */
export function writeCheckpoint(sql: SqlStorage, scope: AuditScope, verified: Verified): Checkpoint | null {
  const { before } = verified;
  const at = { seq: verified.at.seq, hash: verified.at.hash };
  if (scope.checkpointEntries === null || at.seq === 0) return null;
  const entries = at.seq - (before?.seq ?? 0);
  const staleSecret = before !== null && before.secretVersion !== scope.secrets.newest.version;
  if (entries < scope.checkpointEntries && !staleSecret) return null;
  const spendDigest = moveBase(sql, before ? readTotals(before).spendDigest : "0");
  const totals: CheckpointTotals = { ...verified.totals, spendDigest, holdsDigest: digestOfHolds(sql) };
  // Signed anew at the same entry: how it came there stays.
  const replayed = entries === 0 && before ? before.entries : entries;
  const unsigned = { ...at, at: ledgerNow(sql), entries: replayed, totals: JSON.stringify(totals) };
  const checkpoint = signCheckpoint(scope.tenant, unsigned, scope.secrets);
  saveCheckpoint(sql, checkpoint);
  return checkpoint;
}
