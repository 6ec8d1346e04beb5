import type { WebhookFault } from "./fault.ts";

export type Delivery = {
  id: string;
  prediction_id: string;
  due_at: number;
  /** Attempts made so far. */
  attempt: number;
  forged: number;
  /** How many deliveries this one becomes when it falls due. */
  copies: number;
  /** 1 once the control endpoint's webhook faults have had their say. */
  scripted: number;
  state: "waiting" | "sent" | "failed" | "skipped";
  /** The receiver's last HTTP status; 0 when it could not be reached. */
  last_status: number;
};

const DELIVERIES_PER_ALARM = 20;

export function scheduleDelivery(sql: SqlStorage, predictionId: string, endsAt: number, fault: WebhookFault): void {
  if (fault.send === "none") return;
  insert(sql, {
    id: crypto.randomUUID(),
    prediction_id: predictionId,
    due_at: endsAt + (fault.late ?? 0),
    attempt: 0,
    forged: Number(fault.send === "forged"),
    copies: fault.copies ?? 1,
    scripted: 0,
    state: "waiting",
    last_status: 0,
  });
}

export function dueDeliveries(sql: SqlStorage, now: number): Delivery[] {
  return sql
    .exec<Delivery>(
      "SELECT * FROM deliveries WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
      now,
      DELIVERIES_PER_ALARM,
    )
    .toArray();
}

/** Merges a control fault into a delivery that fell due. False: it is not to be sent now. */
export function script(sql: SqlStorage, delivery: Delivery, fault: WebhookFault): boolean {
  delivery.scripted = 1;
  delivery.forged = fault.send === "forged" ? 1 : delivery.forged;
  delivery.copies = fault.copies ?? delivery.copies;
  if (fault.send === "none") delivery.state = "skipped";
  delivery.due_at += fault.late ?? 0;
  update(sql, delivery);
  return fault.send !== "none" && (fault.late ?? 0) === 0;
}

/** Turns `copies` into deliveries of their own. */
export function multiply(sql: SqlStorage, delivery: Delivery): void {
  for (let copy = 1; copy < delivery.copies; copy += 1) {
    insert(sql, { ...delivery, id: crypto.randomUUID(), copies: 1, scripted: 1 });
  }
  delivery.copies = 1;
  update(sql, delivery);
}

export function update(sql: SqlStorage, delivery: Delivery): void {
  sql.exec(
    `UPDATE deliveries SET due_at = ?, attempt = ?, forged = ?, copies = ?, scripted = ?, state = ?, last_status = ?
     WHERE id = ?`,
    delivery.due_at,
    delivery.attempt,
    delivery.forged,
    delivery.copies,
    delivery.scripted,
    delivery.state,
    delivery.last_status,
    delivery.id,
  );
}

/** When the next delivery falls due; null without one. */
export function nextDue(sql: SqlStorage): number | null {
  return sql.exec<{ due: number | null }>("SELECT MIN(due_at) AS due FROM deliveries WHERE state = 'waiting'").one()
    .due;
}

export function countDue(sql: SqlStorage, now: number): number {
  return sql
    .exec<{ due: number }>("SELECT COUNT(*) AS due FROM deliveries WHERE state = 'waiting' AND due_at <= ?", now)
    .one().due;
}

export function deliveryCounts(sql: SqlStorage): Record<string, number> {
  const rows = sql
    .exec<{ state: string; count: number }>("SELECT state, COUNT(*) AS count FROM deliveries GROUP BY state")
    .toArray();
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

function insert(sql: SqlStorage, delivery: Delivery): void {
  sql.exec(
    "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    delivery.id,
    delivery.prediction_id,
    delivery.due_at,
    delivery.attempt,
    delivery.forged,
    delivery.copies,
    delivery.scripted,
    delivery.state,
    delivery.last_status,
  );
}
