import { entryHash } from "./entry-hash.ts";
import type { AuditEntry } from "./types.ts";

/** Where a chain was found broken. */
export interface Break {
  seq: number;
  reason: string;
}

/** A place in a chain: an entry's number and hash. */
export interface Link {
  seq: number;
  hash: string;
}

/** Whether entries, in order, follow a place of their chain. Answers the first that does not; null: all do. */
export function checkRun(after: Link, entries: readonly AuditEntry[]): Break | null {
  let last = after;
  for (const entry of entries) {
    if (entry.seq !== last.seq + 1) return { seq: last.seq + 1, reason: "this entry is missing" };
    if (entry.hash !== entryHash(last.hash, entry)) {
      return { seq: entry.seq, reason: "its hash is not that of what it says and of the entry before it" };
    }
    last = entry;
  }
  return null;
}
