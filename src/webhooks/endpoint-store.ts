import type { DisabledReason, Endpoint, EndpointInput, JobEventName, Notice, SignatureScheme } from "./types.ts";

type Row = Record<string, SqlStorageValue>;

export function insertEndpoint(sql: SqlStorage, id: string, input: EndpointInput, bodyHash: string, now: number): void {
  sql.exec(
    `INSERT INTO endpoints (id, url, events, mode, signature, description, created_at, body_hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    input.url,
    JSON.stringify(input.events),
    input.mode,
    input.signature,
    input.description,
    now,
    bodyHash,
  );
}

export function writeEndpoint(sql: SqlStorage, endpoint: Endpoint): void {
  sql.exec(
    `UPDATE endpoints SET url = ?, events = ?, mode = ?, signature = ?, description = ?, failing_since = ?,
       disabled = ?, disabled_at = ? WHERE id = ?`,
    endpoint.url,
    JSON.stringify(endpoint.events),
    endpoint.mode,
    endpoint.signature,
    endpoint.description,
    endpoint.failingSince,
    endpoint.disabled,
    endpoint.disabledAt,
    endpoint.id,
  );
}

export const deleteEndpoint = (sql: SqlStorage, id: string): boolean =>
  sql.exec("DELETE FROM endpoints WHERE id = ?", id).rowsWritten > 0;

export function findEndpoint(sql: SqlStorage, id: string): Endpoint | null {
  const [row] = sql.exec<Row>("SELECT * FROM endpoints WHERE id = ?", id).toArray();
  return row ? toEndpoint(row) : null;
}

/** The newest first. */
export const allEndpoints = (sql: SqlStorage): Endpoint[] =>
  sql.exec<Row>("SELECT * FROM endpoints ORDER BY created_at DESC, id").toArray().map(toEndpoint);

/** Of which body an Idempotency-Key made this endpoint; null: there is none. */
export function bodyHashOf(sql: SqlStorage, id: string): string | null {
  const [row] = sql.exec("SELECT body_hash FROM endpoints WHERE id = ?", id).toArray();
  return row ? String(row["body_hash"]) : null;
}

export const countEnabled = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT COUNT(*) AS n FROM endpoints WHERE disabled IS NULL").one()["n"]);

/** Enabled endpoints that want to hear of it. */
export const listenersOf = (sql: SqlStorage, { event, mode }: Pick<Notice, "event" | "mode">): Endpoint[] =>
  allEndpoints(sql).filter(
    (endpoint) =>
      endpoint.disabled === null &&
      endpoint.events.includes(event) &&
      (endpoint.mode === null || endpoint.mode === mode),
  );

/** What people are to be told of an endpoint, until they were. */
export function oweAlert(sql: SqlStorage, id: string, message: string): void {
  sql.exec("UPDATE endpoints SET alert = ? WHERE id = ?", message, id);
}

export const owedAlerts = (sql: SqlStorage): { id: string; message: string }[] =>
  sql
    .exec("SELECT id, alert FROM endpoints WHERE alert IS NOT NULL")
    .toArray()
    .map((row) => ({ id: String(row["id"]), message: String(row["alert"]) }));

export function alertTold(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE endpoints SET alert = NULL WHERE id = ?", id);
}

const numberOrNull = (value: SqlStorageValue | undefined): number | null => (typeof value === "number" ? value : null);

const toEndpoint = (row: Row): Endpoint => ({
  id: String(row["id"]),
  url: String(row["url"]),
  events: JSON.parse(String(row["events"])) as JobEventName[],
  mode: row["mode"] === "live" || row["mode"] === "test" ? row["mode"] : null,
  signature: String(row["signature"]) as SignatureScheme,
  description: String(row["description"]),
  createdAt: Number(row["created_at"]),
  failingSince: numberOrNull(row["failing_since"]),
  disabled: typeof row["disabled"] === "string" ? (row["disabled"] as DisabledReason) : null,
  disabledAt: numberOrNull(row["disabled_at"]),
});
