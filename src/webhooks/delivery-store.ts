import type {
  Attempt,
  Delivery,
  DeliveryEnd,
  DeliveryQuery,
  DeliveryState,
  Endpoint,
  EventName,
  SignatureScheme,
} from "./types.ts";
import { hostOf } from "./url-rule.ts";

type Row = Record<string, SqlStorageValue>;

/** Attempts of one delivery that are kept: more than a round has. */
const ATTEMPTS_KEPT = 50;

/** What stands for an endpoint where a delivery goes to its submit's URL. */
const OF_SUBMIT = "submit";

export type NewDelivery = Pick<Delivery, "eventId" | "event" | "jobId" | "endpointId" | "url" | "signature">;

/** The delivery's number, or null: this event was on its way there already. Due at once. */
export function insertDelivery(sql: SqlStorage, delivery: NewDelivery, body: string, now: number): string | null {
  const [row] = sql
    .exec(
      `INSERT INTO deliveries (seq, event_id, target, event, job_id, url, host, signature, state, attempts, tries,
         round_at, created_at, next_at)
         VALUES (1 + MAX(COALESCE((SELECT MAX(seq) FROM deliveries), 0), COALESCE((SELECT cleared_seq FROM desk), 0)),
           ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', 0, 0, ?8, ?8, ?8)
         ON CONFLICT (event_id, target) DO NOTHING RETURNING seq`,
      delivery.eventId,
      delivery.endpointId ?? OF_SUBMIT,
      delivery.event,
      delivery.jobId,
      delivery.url,
      hostOf(delivery.url),
      delivery.signature,
      now,
    )
    .toArray();
  if (!row) return null;
  sql.exec("INSERT INTO bodies (event_id, body) VALUES (?, ?) ON CONFLICT DO NOTHING", delivery.eventId, body);
  return idOf(Number(row["seq"]));
}

export function findDelivery(sql: SqlStorage, id: string): Delivery | null {
  const [row] = sql.exec<Row>("SELECT * FROM deliveries WHERE seq = ?", seqOf(id)).toArray();
  return row ? toDelivery(row) : null;
}

const COLUMNS = {
  state: "state",
  end: "ended_as",
  attempts: "attempts",
  tries: "tries",
  roundAt: "round_at",
  nextAt: "next_at",
  endedAt: "ended_at",
} as const;

type Field = keyof typeof COLUMNS;

export function updateDelivery(sql: SqlStorage, id: string, change: Partial<Pick<Delivery, Field>>): void {
  const fields = (Object.keys(COLUMNS) as Field[]).filter((field) => change[field] !== undefined);
  if (fields.length === 0) return;
  sql.exec(
    `UPDATE deliveries SET ${fields.map((field) => `${COLUMNS[field]} = ?`).join(", ")} WHERE seq = ?`,
    ...fields.map((field) => change[field] ?? null),
    seqOf(id),
  );
}

/** Newest first. */
export function listDeliveries(sql: SqlStorage, query: DeliveryQuery): Delivery[] {
  const filters: [string, ...SqlStorageValue[]][] = [
    ...(query.before === null ? [] : [["seq < ?", seqOf(query.before)] as [string, number]]),
    ...(query.endpointId === undefined ? [] : [["target = ?", query.endpointId] as [string, string]]),
    ...(query.jobId === undefined
      ? []
      : [["event_id IN (?, ?)", ...eventIdsOf(query.jobId)] as [string, string, string]]),
    ...(query.state === undefined ? [] : [["state = ?", query.state] as [string, string]]),
  ];
  const where = filters.map(([text], index) => `${index === 0 ? "WHERE" : "AND"} ${text}`).join(" ");
  const values = filters.flatMap(([, ...given]) => given);
  return sql
    .exec<Row>(`SELECT * FROM deliveries ${where} ORDER BY seq DESC LIMIT ?`, ...values, query.limit)
    .toArray()
    .map(toDelivery);
}

/** A job ends once, and a second time if it completes after it was given up. */
const eventIdsOf = (jobId: string): [string, string] => [jobId, lateEventId(jobId)];

/** The event id of a job that completed after it had been given up. */
export const lateEventId = (jobId: string): string => `${jobId}_late`;

export function bodyOf(sql: SqlStorage, eventId: string): string | null {
  const [row] = sql.exec("SELECT body FROM bodies WHERE event_id = ?", eventId).toArray();
  return row ? String(row["body"]) : null;
}

export const deliveriesOfJob = (sql: SqlStorage, jobId: string): Delivery[] =>
  sql
    .exec<Row>("SELECT * FROM deliveries WHERE event_id IN (?, ?)", ...eventIdsOf(jobId))
    .toArray()
    .map(toDelivery);

/** Sends what waits for an endpoint where it is now. */
export function redirectPending(sql: SqlStorage, { id, url, signature }: Endpoint): void {
  sql.exec(
    "UPDATE deliveries SET url = ?, host = ?, signature = ? WHERE target = ? AND next_at IS NOT NULL",
    url,
    hostOf(url),
    signature,
    id,
  );
}

export function dropBody(sql: SqlStorage, eventId: string): void {
  sql.exec("DELETE FROM bodies WHERE event_id = ?", eventId);
}

export function insertAttempt(sql: SqlStorage, id: string, { attempt, at, status, ms, error, reply }: Attempt): void {
  const seq = seqOf(id);
  sql.exec(
    "INSERT INTO attempts (seq, attempt, at, status, ms, error, reply) VALUES (?, ?, ?, ?, ?, ?, ?)",
    seq,
    attempt,
    at,
    status,
    ms,
    error,
    reply,
  );
  sql.exec("DELETE FROM attempts WHERE seq = ? AND attempt <= ?", seq, attempt - ATTEMPTS_KEPT);
}

/** What receivers answered may repeat what they were told. */
export function dropReplies(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE attempts SET reply = '' WHERE seq = ?", seqOf(id));
}

/** In the order in which they were made. */
export const attemptsOf = (sql: SqlStorage, id: string): Attempt[] =>
  sql
    .exec<Row>("SELECT * FROM attempts WHERE seq = ? ORDER BY attempt", seqOf(id))
    .toArray()
    .map((row) => ({
      attempt: Number(row["attempt"]),
      at: Number(row["at"]),
      status: row["status"] === null ? null : Number(row["status"]),
      ms: Number(row["ms"]),
      error: row["error"] === null ? null : String(row["error"]),
      reply: String(row["reply"]),
    }));

const idOf = (seq: number): string => seq.toString(16).padStart(16, "0");

const seqOf = (id: string): number => Number.parseInt(id, 16);

const numberOrNull = (value: SqlStorageValue | undefined): number | null => (typeof value === "number" ? value : null);

const textOrNull = (value: SqlStorageValue | undefined): string | null => (typeof value === "string" ? value : null);

export const toDelivery = (row: Row): Delivery => ({
  id: idOf(Number(row["seq"])),
  eventId: String(row["event_id"]),
  event: String(row["event"]) as EventName,
  jobId: textOrNull(row["job_id"]),
  endpointId: row["target"] === OF_SUBMIT ? null : String(row["target"]),
  url: String(row["url"]),
  signature: String(row["signature"]) as SignatureScheme,
  state: String(row["state"]) as DeliveryState,
  end: textOrNull(row["ended_as"]) as DeliveryEnd | null,
  attempts: Number(row["attempts"]),
  tries: Number(row["tries"]),
  roundAt: Number(row["round_at"]),
  createdAt: Number(row["created_at"]),
  nextAt: numberOrNull(row["next_at"]),
  endedAt: numberOrNull(row["ended_at"]),
});
