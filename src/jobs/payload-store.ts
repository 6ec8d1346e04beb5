import { storedBytes } from "./job-store.ts";

/** Below the platform's 2 MB a row, with room for the row's other columns. */
const PART_BYTES = 1_500_000;

/** How much a tracker stores of bodies, out of the platform's 10 GB an object. */
export interface RoomForBodies {
  /** Above this, inputs that are only kept for their tenant give way, the oldest first. */
  keptBytesMax: number;
  /** Above this no new job is taken: all of it is needed. */
  storedBytesMax: number;
}

const GIB = 1024 ** 3;
export const ROOM_FOR_BODIES: RoomForBodies = { keptBytesMax: GIB, storedBytesMax: 4 * GIB };

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

  store(jobId: string, payload: Uint8Array): void {
    for (let part = 0; part * PART_BYTES < payload.byteLength; part++) {
      const bytes = payload.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
      this.#sql.exec("INSERT INTO payloads (job_id, part, bytes) VALUES (?, ?, ?)", jobId, part, bytes.buffer);
    }
    if (this.#stored !== null) this.#stored += payload.byteLength;
  }

  load(jobId: string): Uint8Array<ArrayBuffer> {
    return loadPayload(this.#sql, jobId);
  }

  drop(jobId: string): void {
    const rows = this.#sql.exec("DELETE FROM payloads WHERE job_id = ? RETURNING length(bytes) AS bytes", jobId);
    const bytes = rows.toArray().reduce((sum, row) => sum + Number(row["bytes"]), 0);
    if (this.#stored !== null) this.#stored -= bytes;
  }

  hasRoom(bytes: number): boolean {
    return this.#count() + bytes <= this.#room.storedBytesMax;
  }

  /** Whether kept inputs have to give way, with so many bytes more. */
  isCrowded(bytes: number): boolean {
    return this.#count() + bytes > this.#room.keptBytesMax;
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
        `SELECT SUM(length(bytes)) AS bytes FROM payloads
         WHERE job_id = ?1 AND EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND input_until > ?2)`,
        id,
        now,
      )
      .one();
    if (bytes !== null && bytes <= bytesMax) kept[id] = decoder.decode(loadPayload(sql, id));
  }
  return kept;
}

function loadPayload(sql: SqlStorage, jobId: string): Uint8Array<ArrayBuffer> {
  const parts = sql
    .exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM payloads WHERE job_id = ? ORDER BY part", jobId)
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
