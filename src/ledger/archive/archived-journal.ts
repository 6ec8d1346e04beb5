import { firstSeq, readRows, type JournalRow } from "../journal-store.ts";
import { unpackSegment, type Segment } from "./segment.ts";
import { segmentOf } from "./segment-store.ts";

/** A copy in R2 that is gone or not what was written: an operator's matter, and the same the next time. */
export class SegmentDamaged extends Error {
  override name = "SegmentDamaged";
}

/** The whole journal: what is archived is read from R2 and checked, the rest from the table. */
export class ArchivedJournal {
  readonly #sql: SqlStorage;
  readonly #bucket: R2Bucket | undefined;
  /** The segment read last: its readers come page by page. */
  #latest: { segment: Segment; rows: JournalRow[] } | null = null;

  constructor(sql: SqlStorage, bucket: R2Bucket | undefined) {
    this.#sql = sql;
    this.#bucket = bucket;
  }

  /**
   * Entries after `afterSeq`, in order, at most `limit`; a page may end early where a segment ends.
   * Throws SegmentDamaged, or what R2 throws.
   */
  async read(afterSeq: number, limit: number): Promise<JournalRow[]> {
    const first = firstSeq(this.#sql);
    const segment = first !== null && afterSeq + 1 < first ? segmentOf(this.#sql, afterSeq + 1) : null;
    if (!segment) return readRows(this.#sql, afterSeq, limit).toArray();
    const rows = await this.#rowsOf(segment);
    const skip = afterSeq + 1 - segment.fromSeq;
    return rows.slice(skip, skip + limit);
  }

  async #rowsOf(segment: Segment): Promise<JournalRow[]> {
    if (this.#latest?.segment.key === segment.key) return this.#latest.rows;
    const rows = await readSegment(this.#bucket, segment);
    this.#latest = { segment, rows };
    return rows;
  }
}

/** The entries of a segment as R2 has them. Throws SegmentDamaged, or what R2 throws. */
export async function readSegment(bucket: R2Bucket | undefined, segment: Segment): Promise<JournalRow[]> {
  if (!bucket) throw new Error("entries are archived, but this gateway has no binding ARCHIVE");
  const object = await bucket.get(segment.key);
  if (!object) throw new SegmentDamaged(`segment ${segment.key}: not in the archive`);
  const rows = unpackSegment(segment, await object.text());
  if (typeof rows === "string") throw new SegmentDamaged(rows);
  return rows;
}
