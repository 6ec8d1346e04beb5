import { chainHash, type JournalRow } from "../journal-store.ts";
import { sha256Hex } from "../../keys/sha256-hex.ts";

/** A run of entries in R2, as NDJSON: one entry a line, its body as JSON. */
export interface Segment {
  fromSeq: number;
  toSeq: number;
  /** Chain hash of its last entry. */
  lastHash: string;
  /** Of the object in R2. */
  key: string;
  /** SHA-256 (hex) of the text, and its length. */
  sha256: string;
  bytes: number;
}

/** Bounds the memory that a segment takes, whatever its entries hold. */
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

const DIGITS = 12;

/** Zero-padded, so that a bucket lists a journal in its order. */
const segmentKey = (tenant: string, fromSeq: number, toSeq: number): string =>
  `journal/${tenant}/${pad(fromSeq)}-${pad(toSeq)}.ndjson`;

const pad = (seq: number): string => String(seq).padStart(DIGITS, "0");

/** The first entries of `rows` as a segment: all of them, unless they are too long together. */
export function packSegment(tenant: string, rows: Iterable<JournalRow>): { segment: Segment; text: string } | null {
  const lines: string[] = [];
  let [fromSeq, toSeq, bytes, lastHash] = [0, 0, 0, ""];
  for (const row of rows) {
    const line = toLine(row);
    const size = Buffer.byteLength(line);
    if (lines.length > 0 && bytes + size > SEGMENT_BYTES_MAX) break;
    if (lines.length === 0) fromSeq = row.seq;
    [toSeq, lastHash] = [row.seq, row.hash];
    bytes += size;
    lines.push(line);
  }
  if (lines.length === 0) return null;
  const text = lines.join("");
  const key = segmentKey(tenant, fromSeq, toSeq);
  return { segment: { fromSeq, toSeq, lastHash, key, sha256: sha256Hex(text), bytes }, text };
}

/** The entries of a copy; what is wrong with it, if it is not the one that `segment` names. */
export function unpackSegment(segment: Segment, text: string): JournalRow[] | string {
  if (sha256Hex(text) !== segment.sha256) return `segment ${segment.key}: its SHA-256 is not the recorded one`;
  return text.split("\n").filter(Boolean).map(toRow);
}

/**
 * Whether the copy would do instead of the rows: every number there, and every hash that of the body
 * as it will be read back. `previous` is the hash before the first entry.
 */
export function chainFault(segment: Segment, rows: readonly JournalRow[], previous: string): string | null {
  let [seq, hash] = [segment.fromSeq, previous];
  for (const row of rows) {
    if (row.seq !== seq || chainHash(hash, row) !== row.hash) return `segment ${segment.key}: broken at entry ${seq}`;
    [seq, hash] = [seq + 1, row.hash];
  }
  return seq === segment.toSeq + 1 ? null : `segment ${segment.key}: it ends before entry ${seq}`;
}

/** The body stays the very text that was hashed: it is JSON already. */
const toLine = ({ seq, at, local_day, body, hash }: JournalRow): string =>
  `{"seq":${seq},"at":${at},"local_day":${JSON.stringify(local_day)},"body":${body},"hash":${JSON.stringify(hash)}}\n`;

function toRow(line: string): JournalRow {
  const { seq, at, local_day, body, hash } = JSON.parse(line) as Omit<JournalRow, "body"> & { body: unknown };
  return {
    seq: Number(seq),
    at: Number(at),
    local_day: String(local_day),
    body: JSON.stringify(body),
    hash: String(hash),
  };
}
