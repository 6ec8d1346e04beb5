/** Below the platform's 2 MB a row, with room for the row's other columns. */
const PART_BYTES = 1_500_000;

/** Keeps what is to be POSTed until WaveSpeed has it. */
export function storePayload(sql: SqlStorage, jobId: string, payload: Uint8Array): void {
  for (let part = 0; part * PART_BYTES < payload.byteLength; part++) {
    const bytes = payload.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
    sql.exec("INSERT INTO payloads (job_id, part, bytes) VALUES (?, ?, ?)", jobId, part, bytes.buffer);
  }
}

export function loadPayload(sql: SqlStorage, jobId: string): Uint8Array<ArrayBuffer> {
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

export function dropPayload(sql: SqlStorage, jobId: string): void {
  sql.exec("DELETE FROM payloads WHERE job_id = ?", jobId);
}
