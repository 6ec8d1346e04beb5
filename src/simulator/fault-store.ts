import type { ReplyFault, SubmitFault, WebhookFault } from "./fault.ts";

export const OPERATIONS = [
  "submit",
  "poll",
  "list",
  "delete",
  "upload",
  "models",
  "price",
  "balance",
  "billings",
  "webhook",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a scripted fault waits for; empty means any. */
export interface FaultMatch {
  operation: Operation;
  model: string;
  prompt_contains: string;
  prediction_id: string;
}

export interface FaultOrder extends FaultMatch {
  fault: SubmitFault | ReplyFault | WebhookFault;
  times: number;
}

/** What is happening now, for faults to be matched against. */
export interface Occasion {
  model: string;
  prompt: string;
  predictionId: string;
}

export const NOWHERE: Occasion = { model: "", prompt: "", predictionId: "" };
export const FAULTS_MAX = 200;

type FaultRow = {
  id: number;
  operation: Operation;
  model: string;
  prompt_contains: string;
  prediction_id: string;
  fault: string;
  times: number;
  fired: number;
};

export interface ListedFault extends FaultMatch {
  id: number;
  fault: string;
  times: number;
  fired: number;
}

/** False when the account already holds `FAULTS_MAX`. */
export function addFault(sql: SqlStorage, order: FaultOrder): boolean {
  if (listFaults(sql).length >= FAULTS_MAX) return false;
  sql.exec(
    `INSERT INTO faults (operation, model, prompt_contains, prediction_id, fault, times, fired)
     VALUES (?, ?, ?, ?, ?, ?, 0)`,
    order.operation,
    order.model,
    order.prompt_contains,
    order.prediction_id,
    JSON.stringify(order.fault),
    order.times,
  );
  return true;
}

export const listFaults = (sql: SqlStorage): ListedFault[] =>
  sql.exec<FaultRow>("SELECT * FROM faults ORDER BY id").toArray();

export function clearFaults(sql: SqlStorage): void {
  sql.exec("DELETE FROM faults");
}

/** The oldest fault that fits and has strikes left; it is used up by one. JSON, or null. */
export function takeFault(sql: SqlStorage, operation: Operation, occasion: Occasion): string | null {
  const rows = sql
    .exec<FaultRow>("SELECT * FROM faults WHERE operation = ? AND fired < times ORDER BY id", operation)
    .toArray();
  const row = rows.find((candidate) => fits(candidate, occasion));
  if (row === undefined) return null;
  sql.exec("UPDATE faults SET fired = fired + 1 WHERE id = ?", row.id);
  return row.fault;
}

/** How often this prompt's directive has been met, this time included. */
export function countDirective(sql: SqlStorage, promptHash: string, now: number): number {
  return sql
    .exec<{ uses: number }>(
      `INSERT INTO directive_uses VALUES (?, 1, ?)
       ON CONFLICT (prompt_hash) DO UPDATE SET uses = uses + 1, met_at = excluded.met_at RETURNING uses`,
      promptHash,
      now,
    )
    .one().uses;
}

const fits = (fault: FaultRow, occasion: Occasion): boolean =>
  (fault.model === "" || fault.model === occasion.model) &&
  (fault.prediction_id === "" || fault.prediction_id === occasion.predictionId) &&
  occasion.prompt.includes(fault.prompt_contains);
