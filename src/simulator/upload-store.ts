import { RETENTION_MS } from "./task-store.ts";

export type Upload = {
  id: string;
  filename: string;
  content_type: string;
  size: number;
  created_at: number;
  complete: number;
};

/** WaveSpeed's limit for one file: 200 MiB. */
export const UPLOAD_BYTES_MAX = 200 * 1024 * 1024;
/** A ticket's PUT address is good for this long. */
export const TICKET_MS = 3_600_000;
/** Tickets an account may hold unused or used within the retention. */
export const UPLOADS_MAX = 1_000;

export type UploadProblem = "missing" | "expired" | "already_there";

/** False when the account holds `UPLOADS_MAX` already. */
export function openUpload(sql: SqlStorage, upload: Upload): boolean {
  const { held } = sql.exec<{ held: number }>("SELECT COUNT(*) AS held FROM uploads").one();
  if (held >= UPLOADS_MAX) return false;
  sql.exec(
    "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, 0)",
    upload.id,
    upload.filename,
    upload.content_type,
    upload.size,
    upload.created_at,
  );
  return true;
}

/** A completed upload within retention. */
export function findUpload(sql: SqlStorage, id: string, now: number): Upload | null {
  return (
    sql
      .exec<Upload>("SELECT * FROM uploads WHERE id = ? AND complete = 1 AND created_at > ?", id, now - RETENTION_MS)
      .toArray()[0] ?? null
  );
}

/** The ticket that bytes may be put to, or why they may not. */
export function awaitedUpload(sql: SqlStorage, id: string, now: number): Upload | UploadProblem {
  const upload = sql.exec<Upload>("SELECT * FROM uploads WHERE id = ?", id).toArray()[0];
  if (upload === undefined) return "missing";
  if (upload.complete === 1) return "already_there";
  return now - upload.created_at > TICKET_MS ? "expired" : upload;
}

export function writePart(sql: SqlStorage, id: string, position: number, bytes: Uint8Array): void {
  // A view's whole buffer would be stored, so the part is copied to one of its own size.
  sql.exec("INSERT OR REPLACE INTO upload_parts VALUES (?, ?, ?)", id, position, bytes.slice().buffer);
}

export function completeUpload(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE uploads SET complete = 1 WHERE id = ?", id);
}

export function dropParts(sql: SqlStorage, id: string): void {
  sql.exec("DELETE FROM upload_parts WHERE upload_id = ?", id);
}

export function readPart(sql: SqlStorage, id: string, position: number): Uint8Array | null {
  const row = sql
    .exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM upload_parts WHERE upload_id = ? AND position = ?", id, position)
    .toArray()[0];
  return row === undefined ? null : new Uint8Array(row.bytes);
}
