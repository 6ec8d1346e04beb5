import type { GatewaySecrets } from "../../keys/gateway-secrets.ts";
import { journalHead, ledgerNow, readRows } from "../journal-store.ts";
import { addBaseHold, addBaseSpend, findBaseHold, removeBaseHold } from "./base-store.ts";
import { followRows, GENESIS } from "./chain.ts";
import { type Checkpoint, checkpointFault, type CheckpointTotals, holdItem, NO_TOTALS } from "./checkpoint.ts";
import { readTotals, signCheckpoint, spendItem } from "./checkpoint.ts";
import { dropCheckpoint, lastCheckpoint, saveCheckpoint } from "./checkpoint-store.ts";
import { checkEnd } from "./compare-since.ts";
import { Differences } from "./differences.ts";
import { heldBy, plusSums } from "./hold-sums.ts";
import { MultisetDigest } from "./multiset-digest.ts";
import { nothingReplayed, type Replayed } from "./replayed.ts";
import { parseSpendKey } from "./spend-key.ts";

export interface MoveScope {
  tenant: string;
  secrets: GatewaySecrets;
  /** Entries, and rows that they change, that one call handles at most. */
  rowsMax: number;
}

export interface Moved {
  entries: number;
  /** Nothing comes after it, at this moment. */
  atHead: boolean;
  /** Why it could not be moved: then nothing was written. */
  differences: Differences;
}

/**
 * Moves the checkpoint along the journal by the next few entries: what they make of the base, not what the
 * tables in use say. Call inside a transaction: the base and its signature move together. Until an audit
 * from there has found the tables right, it is not verified, and the one before it stays.
 */
export function moveCheckpoint(sql: SqlStorage, scope: MoveScope): Moved {
  const differences = new Differences();
  const before = lastCheckpoint(sql);
  const fault = before && checkpointFault(scope.tenant, before, scope.secrets);
  if (fault !== null) differences.add(fault);
  const totals = before ? readTotals(before) : NO_TOTALS;
  const start = before ?? GENESIS;
  const replayed = nothingReplayed(totals.credit);
  // Not the cursor: one that is left before its end locks its table.
  const rows = readRows(sql, start.seq, scope.rowsMax).toArray();
  const at = followRows(rows, start, replayed, differences, scope.rowsMax);
  for (const [id, job] of replayed.ended) checkEnd(sql, id, job, differences);
  for (const id of replayed.opened.keys()) {
    if (!replayed.ended.has(id) && findBaseHold(sql, id) !== null) differences.add(`job ${id}: held twice`);
  }
  if (!differences.none) return { entries: 0, atHead: false, differences };

  const moved = moveBase(sql, totals, replayed);
  saveMoved(sql, scope, before, { ...at, totals: moved, entries: replayed.entries });
  return { entries: replayed.entries, atHead: at.seq >= journalHead(sql).seq, differences };
}

/** Writes what a run of entries changed into the base. Digests move on row by row. */
function moveBase(sql: SqlStorage, totals: CheckpointTotals, replayed: Replayed): CheckpointTotals {
  const holds = new MultisetDigest(totals.holdsDigest);
  for (const id of replayed.ended.keys()) {
    holds.remove(holdItem(id, findBaseHold(sql, id) ?? ""));
    removeBaseHold(sql, id);
  }
  for (const [id, job] of replayed.opened) {
    const facts = JSON.stringify(job);
    holds.add(holdItem(id, facts));
    addBaseHold(sql, id, facts);
  }
  const spend = new MultisetDigest(totals.spendDigest);
  for (const [key, micros] of replayed.spend) {
    const before = addBaseSpend(sql, parseSpendKey(key), micros);
    if (before !== 0) spend.remove(spendItem(key, before));
    if (before + micros !== 0) spend.add(spendItem(key, before + micros));
  }
  const { opened, ended, credit, captured } = replayed;
  return {
    ...totals,
    captured: plusSums(totals.captured, captured),
    held: plusSums(totals.held, heldBy(opened.values()), heldBy(ended.values(), -1)),
    openHolds: totals.openHolds + opened.size - ended.size,
    credit,
    spendDigest: spend.hex,
    holdsDigest: holds.hex,
  };
}

type Reached = Pick<Checkpoint, "seq" | "hash" | "entries"> & { totals: CheckpointTotals };

/** One that was not verified makes way; signed anew at the same entry, how it came there stays. */
function saveMoved(sql: SqlStorage, scope: MoveScope, before: Checkpoint | null, reached: Reached): void {
  const stays = before !== null && reached.entries === 0;
  const verified = stays && reached.totals.verified;
  const passed = before && !readTotals(before).verified ? before : null;
  const entries = (stays ? before.entries : (passed?.entries ?? 0)) + reached.entries;
  const { seq, hash, totals } = reached;
  if (passed) dropCheckpoint(sql, passed.seq);
  const unsigned = { seq, hash, at: ledgerNow(sql), entries, totals: JSON.stringify({ ...totals, verified }) };
  saveCheckpoint(sql, signCheckpoint(scope.tenant, unsigned, scope.secrets));
}
