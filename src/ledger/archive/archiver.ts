import { failPoint } from "../../observability/fail-point.ts";
import { verifiedCheckpoint } from "../audit/checkpoint-store.ts";
import { firstSeq, GENESIS_HASH, journalHead, readRows, type JournalRow } from "../journal-store.ts";
import { countedSeq, reportedSeq } from "../tenant-store.ts";
import { readSegment, SegmentDamaged } from "./archived-journal.ts";
import { chainFault, packSegment, type Segment } from "./segment.ts";
import { dropSegment, insertSegment, segmentInWork, segmentOf, setSegmentState } from "./segment-store.ts";

export interface ArchiveLimits {
  /** Entries of one segment at most, and entries that stay in the journal at least. */
  segmentEntries: number;
  keepEntries: number;
}

/**
 * Moves the oldest entries to R2, a segment at a time and a step at a time: put, read back, delete.
 * Each step may be repeated; what it needs to know is in `segments`. One call runs at a time.
 */
export class Archiver {
  readonly #storage: DurableObjectStorage;
  readonly #bucket: R2Bucket;
  readonly #limits: ArchiveLimits;

  constructor(storage: DurableObjectStorage, bucket: R2Bucket, limits: ArchiveLimits) {
    this.#storage = storage;
    this.#bucket = bucket;
    this.#limits = limits;
  }

  /** Whether `step` would do something. */
  get due(): boolean {
    return segmentInWork(this.#sql) !== null || this.#eligible() !== null;
  }

  /**
   * True: a segment is archived. Throws what R2 throws, or SegmentDamaged for a copy that is not right:
   * then it is put again.
   */
  async step(tenant: string): Promise<boolean> {
    const segment = segmentInWork(this.#sql);
    if (segment?.state === "verified") return this.#delete(tenant, segment);
    if (!segment) await this.#begin(tenant);
    else if (segment.state === "uploading") await this.#upload(tenant, segment);
    else await this.#readBack(segment);
    return false;
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }

  /** The rows of the next segment, or null: they must be counted, audited, in D1, and more than are to be kept. */
  #eligible(): { afterSeq: number; entries: number } | null {
    const first = firstSeq(this.#sql);
    if (first === null) return null;
    const last = first + this.#limits.segmentEntries - 1;
    const spare = journalHead(this.#sql).seq - last;
    if (spare < this.#limits.keepEntries) return null;
    if (last > reportedSeq(this.#sql) || last > (verifiedCheckpoint(this.#sql)?.seq ?? 0)) return null;
    if (last > countedSeq(this.#sql)) return null;
    return { afterSeq: first - 1, entries: this.#limits.segmentEntries };
  }

  async #begin(tenant: string): Promise<void> {
    const next = this.#eligible();
    const packed = next && packSegment(tenant, readRows(this.#sql, next.afterSeq, next.entries));
    if (!packed) return;
    this.#storage.transactionSync(() => insertSegment(this.#sql, packed.segment, Date.now()));
    await this.#put(packed.segment, packed.text);
  }

  async #upload(tenant: string, segment: Segment): Promise<void> {
    const packed = packSegment(tenant, this.#rows(segment));
    // Whoever changed entries in between: begin again with what is there now.
    if (packed?.segment.sha256 !== segment.sha256) return dropSegment(this.#sql, segment.fromSeq);
    await this.#put(segment, packed.text);
  }

  async #put(segment: Segment, text: string): Promise<void> {
    failPoint("before_segment_put", segment.key);
    const contentType = "application/x-ndjson";
    await this.#bucket.put(segment.key, text, { sha256: segment.sha256, httpMetadata: { contentType } });
    failPoint("after_segment_put", segment.key);
    setSegmentState(this.#sql, segment.fromSeq, "uploaded", Date.now());
  }

  async #readBack(segment: Segment): Promise<void> {
    try {
      const rows = await readSegment(this.#bucket, segment);
      // The chain must lead from the segment before into this one.
      const before = segmentOf(this.#sql, segment.fromSeq - 1)?.lastHash ?? GENESIS_HASH;
      const fault = chainFault(segment, rows, before);
      if (fault !== null) throw new SegmentDamaged(fault);
    } catch (error) {
      if (error instanceof SegmentDamaged) setSegmentState(this.#sql, segment.fromSeq, "uploading", Date.now());
      throw error;
    }
    failPoint("after_segment_read", segment.key);
    setSegmentState(this.#sql, segment.fromSeq, "verified", Date.now());
  }

  /** Only what is still, byte for byte, what the copy says; else the segment begins again. */
  #delete(tenant: string, segment: Segment): boolean {
    return this.#storage.transactionSync(() => {
      const unchanged = packSegment(tenant, this.#rows(segment))?.segment.sha256 === segment.sha256;
      if (unchanged) {
        this.#sql.exec("DELETE FROM journal WHERE seq >= ? AND seq <= ?", segment.fromSeq, segment.toSeq);
        setSegmentState(this.#sql, segment.fromSeq, "archived", Date.now());
      } else {
        dropSegment(this.#sql, segment.fromSeq);
      }
      return unchanged;
    });
  }

  #rows = ({ fromSeq, toSeq }: Segment): Iterable<JournalRow> => readRows(this.#sql, fromSeq - 1, toSeq - fromSeq + 1);
}
