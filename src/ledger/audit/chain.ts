import { chainHash, GENESIS_HASH, type JournalRow } from "../journal-store.ts";
import type { EntryBody } from "../journal-entry.ts";
import type { Differences } from "./differences.ts";
import { foldEntry } from "./fold-entry.ts";
import type { Replayed } from "./replayed.ts";

/** A place in the journal: the last entry that was read, and its hash. */
export interface ChainPosition {
  seq: number;
  hash: string;
}

export const GENESIS: Readonly<ChainPosition> = { seq: 0, hash: GENESIS_HASH };

/** Reads one row: number, hash, then its effect. Returns where the chain stands after it. */
export function followRow(at: ChainPosition, row: JournalRow, into: Replayed, differences: Differences): ChainPosition {
  if (row.seq !== at.seq + 1) differences.add(`journal: ${missing(at.seq + 1, row.seq - 1)}`);
  else if (chainHash(at.hash, row) !== row.hash) differences.add(`journal: entry ${row.seq} breaks the hash chain`);
  if (!apply(into, row, differences)) differences.add(`journal: entry ${row.seq} cannot be read`);
  into.entries += 1;
  return { seq: row.seq, hash: row.hash };
}

/**
 * Follows rows until `rowsMax` entries, and rows of the books that they change, were handled: a job may have
 * several tags. Goes on by one entry at least.
 */
export function followRows(
  rows: readonly JournalRow[],
  start: ChainPosition,
  into: Replayed,
  differences: Differences,
  rowsMax: number,
): ChainPosition {
  let at = start;
  for (const row of rows) {
    at = followRow(at, row, into, differences);
    if (into.entries + into.opened.size + into.ended.size + into.spend.size >= rowsMax) break;
  }
  return at;
}

export const missing = (first: number, last: number): string =>
  first === last ? `entry ${first} is missing` : `entries ${first} to ${last} are missing`;

/** False for a body that no version of ours wrote: an audit must survive it. */
function apply(into: Replayed, row: JournalRow, differences: Differences): boolean {
  try {
    foldEntry(into, row.seq, JSON.parse(row.body) as EntryBody, differences);
    return true;
  } catch {
    return false;
  }
}
