import type { Job } from "./job.ts";
import { storedBytes } from "./job-store.ts";

/** Below the platform's 2 MB a row, with room for the row's other columns. */
const PART_BYTES = 1_500_000;

/** A body up to this is kept in its job's row, and leaves with a write that is done anyhow. */
export const SHORT_BYTES_MAX = 32 * 1024;

/** How much a tracker stores of bodies, out of the platform's 10 GB an object. */
export interface RoomForBodies {
  /** Above this, inputs that are only kept for their tenant give way, the oldest first. */
  keptBytesMax: number;
  /** Above this no new job is taken: all of it is needed. */
  storedBytesMax: number;
}

const GIB = 1024 ** 3;
export const ROOM_FOR_BODIES: RoomForBodies = { keptBytesMax: GIB, storedBytesMax: 4 * GIB };

/** A body that is kept in its job's row; null: it is too long for that. A copy: the bytes may be a part of a larger buffer. */
export const shortBody = (payload: Uint8Array): ArrayBuffer | null =>
  payload.byteLength <= SHORT_BYTES_MAX ? payload.slice().buffer : null;

/** What is to be POSTed, until WaveSpeed has it, or for as long as its tenant keeps inputs. */
export class PayloadStore {
  readonly #sql: SqlStorage;
  readonly #room: RoomForBodies;
  /** Bytes of all bodies; null: not counted by this instance yet. */
  #stored: number | null = null;

  constructor(sql: SqlStorage, room: RoomForBodies = ROOM_FOR_BODIES) {
    this.#sql = sql;
    this.#room = room;
  }

  /** The body of a job that has just come; a short one is in its row already. */
  keep(jobId: string, payload: Uint8Array): void {
    if (this.#stored !== null) this.#stored += payload.byteLength;
    if (payload.byteLength <= SHORT_BYTES_MAX) return;
    for (let part = 0; part * PART_BYTES < payload.byteLength; part++) {
      const bytes = payload.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
      this.#sql.exec("INSERT INTO payloads (job_id, part, bytes) VALUES (?, ?, ?)", jobId, part, bytes.buffer);
    }
  }

  load(jobId: string): Uint8Array<ArrayBuffer> {
    return loadPayload(this.#sql, jobId);
  }

  /** One in parts; one that is in the row goes with the row's own write. */
  drop({ id, inputBytes }: Pick<Job, "id" | "inputBytes">): void {
    this.#sql.exec("DELETE FROM payloads WHERE job_id = ?", id);
    if (this.#stored !== null) this.#stored -= inputBytes;
  }

  hasRoom(bytes: number): boolean {
    return this.#count() + bytes <= this.#room.storedBytesMax;
  }

  /** Whether kept inputs have to give way. */
  isCrowded(): boolean {
    return this.#count() > this.#room.keptBytesMax;
  }

  /** What was counted may have been rolled back. */
  recount(): void {
    this.#stored = null;
  }

  #count(): number {
    this.#stored ??= storedBytes(this.#sql);
    return this.#stored;
  }
}

/** Inputs that are kept for their tenant, as JSON by job id; those longer than `bytesMax` are left out unread. */
export function keptInputs(
  sql: SqlStorage,
  jobIds: readonly string[],
  bytesMax: number,
  now: number,
): Record<string, string> {
  const decoder = new TextDecoder();
  const kept: Record<string, string> = {};
  for (const id of jobIds) {
    const { bytes } = sql
      .exec<{ bytes: number | null }>(
        `SELECT coalesce(length(body), (SELECT SUM(length(bytes)) FROM payloads WHERE job_id = ?1)) AS bytes
         FROM jobs WHERE id = ?1 AND input_until > ?2`,
        id,
        now,
      )
      .toArray()[0] ?? { bytes: null };
    if (bytes !== null && bytes <= bytesMax) kept[id] = decoder.decode(loadPayload(sql, id));
  }
  return kept;
}

function loadPayload(sql: SqlStorage, jobId: string): Uint8Array<ArrayBuffer> {
  const parts = sql
    .exec<{ bytes: ArrayBuffer }>(
      `SELECT body AS bytes FROM jobs WHERE id = ?1 AND body IS NOT NULL
       UNION ALL SELECT bytes FROM (SELECT bytes FROM payloads WHERE job_id = ?1 ORDER BY part)`,
      jobId,
    )
    .toArray()
    .map((row) => new Uint8Array(row.bytes));
  const payload = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    payload.set(part, offset);
    offset += part.byteLength;
  }
  return payload;
}
