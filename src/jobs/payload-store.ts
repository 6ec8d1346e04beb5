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

/** The payload if it is as short as that; null: it is longer, or not kept. */
export function shortPayload(sql: SqlStorage, jobId: string, bytesMax: number): Uint8Array<ArrayBuffer> | null {
  const counted = sql.exec("SELECT SUM(LENGTH(bytes)) AS n FROM payloads WHERE job_id = ?", jobId).one()["n"];
  return typeof counted === "number" && counted <= bytesMax ? loadPayload(sql, jobId) : null;
}

export function dropPayload(sql: SqlStorage, jobId: string): void {
  sql.exec("DELETE FROM payloads WHERE job_id = ?", jobId);
}
