import type { Segment } from "./segment.ts";

/** Where a segment is: README.md has the table. */
export type SegmentState = "uploading" | "uploaded" | "verified" | "archived";

export interface StoredSegment extends Segment {
  state: SegmentState;
  /** When it came into this state, epoch ms. */
  at: number;
}

export function insertSegment(sql: SqlStorage, segment: Segment, now: number): void {
  sql.exec(
    `INSERT INTO segments (from_seq, to_seq, last_hash, key, sha256, bytes, state, at)
     VALUES (?, ?, ?, ?, ?, ?, 'uploading', ?)`,
    segment.fromSeq,
    segment.toSeq,
    segment.lastHash,
    segment.key,
    segment.sha256,
    segment.bytes,
    now,
  );
}

export function setSegmentState(sql: SqlStorage, fromSeq: number, state: SegmentState, now: number): void {
  sql.exec("UPDATE segments SET state = ?, at = ? WHERE from_seq = ?", state, now, fromSeq);
}

/** Forgets a segment whose entries are all in the journal still. */
export function dropSegment(sql: SqlStorage, fromSeq: number): void {
  sql.exec("DELETE FROM segments WHERE from_seq = ? AND state <> 'archived'", fromSeq);
}

/** The one segment on its way to R2, or null. */
export function segmentInWork(sql: SqlStorage): StoredSegment | null {
  const row = sql.exec("SELECT * FROM segments WHERE state <> 'archived' ORDER BY from_seq LIMIT 1").toArray()[0];
  return row ? toSegment(row) : null;
}

/** The archived segment that has entry `seq`, or null. */
export function segmentOf(sql: SqlStorage, seq: number): StoredSegment | null {
  const row = sql
    .exec(
      "SELECT * FROM segments WHERE from_seq <= ?1 AND to_seq >= ?1 AND state = 'archived' ORDER BY from_seq DESC LIMIT 1",
      seq,
    )
    .toArray()[0];
  return row ? toSegment(row) : null;
}

/** What is in no segment of the entries before `beforeSeq`, in words; null: every one is archived. */
export function archiveGap(sql: SqlStorage, beforeSeq: number): string | null {
  if (beforeSeq <= 1) return null;
  let next = 1;
  for (const row of sql.exec("SELECT from_seq, to_seq FROM segments WHERE state = 'archived' ORDER BY from_seq")) {
    if (next >= beforeSeq) break;
    if (Number(row["from_seq"]) !== next) break;
    next = Number(row["to_seq"]) + 1;
  }
  return next >= beforeSeq ? null : `entries ${next} to ${beforeSeq - 1} are neither here nor archived`;
}

const toSegment = (row: Record<string, SqlStorageValue>): StoredSegment => ({
  fromSeq: Number(row["from_seq"]),
  toSeq: Number(row["to_seq"]),
  lastHash: String(row["last_hash"]),
  key: String(row["key"]),
  sha256: String(row["sha256"]),
  bytes: Number(row["bytes"]),
  state: String(row["state"]) as SegmentState,
  at: Number(row["at"]),
});
