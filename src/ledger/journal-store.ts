import type { EntryBody, JournalEntry } from "./journal-entry.ts";
import { localDay } from "./windows.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";

/** Page of the journal that one call may ask for. */
export const ENTRIES_MAX = 500;

/** An entry as it is stored. `body` is the text that was hashed. */
export interface JournalRow extends Record<string, SqlStorageValue>, ChainedRow {
  hash: string;
}

interface ChainedRow {
  seq: number;
  at: number;
  local_day: string;
  body: string;
}

export const GENESIS_HASH = "0".repeat(64);

/** Each entry's hash covers the one before it: a changed or missing entry breaks the chain. */
export const chainHash = (previous: string, row: ChainedRow): string =>
  sha256Hex(`${previous}\n${row.seq}\n${row.at}\n${row.local_day}\n${row.body}`);

/** The last entry's number, hash and time. */
export interface JournalHead {
  seq: number;
  hash: string;
  at: number;
}

/** The beginning, if there is no entry. */
export function journalHead(sql: SqlStorage): JournalHead {
  const row = sql.exec<JournalRow>("SELECT * FROM journal ORDER BY seq DESC LIMIT 1").toArray()[0];
  return row ?? { seq: 0, hash: GENESIS_HASH, at: 0 };
}

/** Appends inside the caller's transaction. `at` must be the ledger's clock. Returns the new head. */
export function appendEntry(
  sql: SqlStorage,
  body: EntryBody,
  at: number,
  timeZone: string,
  head: JournalHead = journalHead(sql),
): JournalHead {
  const row = { seq: head.seq + 1, at, local_day: localDay(at, timeZone), body: JSON.stringify(body) };
  const hash = chainHash(head.hash, row);
  sql.exec(
    "INSERT INTO journal (seq, at, local_day, body, hash) VALUES (?, ?, ?, ?, ?)",
    row.seq,
    row.at,
    row.local_day,
    row.body,
    hash,
  );
  return { seq: row.seq, hash, at };
}

/** A clock that never runs back behind what was written, also when the object moves to a machine whose clock does. */
export function ledgerNow(sql: SqlStorage): number {
  const clock = sql.exec("SELECT clock FROM tenant").toArray()[0]?.["clock"];
  return Math.max(Date.now(), journalHead(sql).at, Number(clock ?? 0));
}

/** For what is counted as of a time and makes no entry. */
export function keepClock(sql: SqlStorage, at: number): void {
  sql.exec("UPDATE tenant SET clock = ?1 WHERE clock < ?1", at);
}

export const readEntries = (sql: SqlStorage, afterSeq: number, limit: number): JournalEntry[] =>
  [...readRows(sql, afterSeq, Math.min(Math.max(limit, 1), ENTRIES_MAX))].map(toEntry);

/** The raw rows, for whoever must hash what is stored and not what it parses to. */
export const readRows = (sql: SqlStorage, afterSeq: number, limit: number): SqlStorageCursor<JournalRow> =>
  sql.exec<JournalRow>("SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", afterSeq, limit);

/** The first entry that is not archived; null in an empty journal. */
export function firstSeq(sql: SqlStorage): number | null {
  const seq = sql.exec("SELECT MIN(seq) AS seq FROM journal").one()["seq"];
  return typeof seq === "number" ? seq : null;
}

export const toEntry = (row: JournalRow): JournalEntry => ({
  seq: row.seq,
  at: row.at,
  localDay: row.local_day,
  body: JSON.parse(row.body) as EntryBody,
  hash: row.hash,
});
