import type { Task } from "./task.ts";

export type BillingRecord = {
  uuid: string;
  billing_type: string;
  prediction_id: string;
  model: string;
  price_usd: number;
  created_at: number;
  /** The task's end, null once the task is forgotten. */
  ends_at: number | null;
  end_status: string | null;
};

/** Sum of deductions less refunds up to now, USD. */
const SPENT = "COALESCE(SUM(CASE billing_type WHEN 'deduct' THEN price_usd ELSE -price_usd END), 0)";

/** Charges a new task. Its refund, where one is due, is written at once and dated at its end. */
export function charge(sql: SqlStorage, task: Task, refunded: boolean): void {
  record(sql, "deduct", task, task.created_at);
  if (refunded) record(sql, "refund", task, task.ends_at);
}

/** Refunds a task that has not been refunded. */
export function refundOnce(sql: SqlStorage, task: Task, now: number): void {
  const refunds = sql
    .exec("SELECT uuid FROM billings WHERE prediction_id = ? AND billing_type = 'refund'", task.id)
    .toArray();
  if (refunds.length === 0) record(sql, "refund", task, now);
}

export function spentUsd(sql: SqlStorage, now: number): number {
  return sql.exec<{ spent: number }>(`SELECT ${SPENT} AS spent FROM billings WHERE created_at <= ?`, now).one().spent;
}

export interface BillingQuery {
  page: number;
  pageSize: number;
  descending: boolean;
  type?: string | undefined;
  model?: string | undefined;
  predictions?: readonly string[] | undefined;
  after?: number | undefined;
  before?: number | undefined;
}

export function searchBillings(
  sql: SqlStorage,
  query: BillingQuery,
  now: number,
): { records: BillingRecord[]; total: number } {
  const clauses = ["billings.created_at <= ?"];
  const binds: (string | number)[] = [Math.min(now, query.before ?? now)];
  const restrict = (clause: string, ...values: (string | number)[]): void => {
    clauses.push(clause);
    binds.push(...values);
  };
  if (query.type !== undefined) restrict("billing_type = ?", query.type);
  if (query.model !== undefined) restrict("billings.model = ?", query.model);
  if (query.after !== undefined) restrict("billings.created_at >= ?", query.after);
  if (query.predictions !== undefined) {
    // One JSON parameter: a statement binds at most a hundred.
    restrict("prediction_id IN (SELECT value FROM json_each(?))", JSON.stringify(query.predictions));
  }
  const from = `FROM billings LEFT JOIN tasks ON tasks.id = prediction_id WHERE ${clauses.join(" AND ")}`;
  const direction = query.descending ? "DESC" : "ASC";
  return {
    total: sql.exec<{ total: number }>(`SELECT COUNT(*) AS total ${from}`, ...binds).one().total,
    records: sql
      .exec<BillingRecord>(
        `SELECT billings.*, tasks.ends_at AS ends_at, tasks.end_status AS end_status ${from}
         ORDER BY billings.created_at ${direction}, uuid ${direction} LIMIT ? OFFSET ?`,
        ...binds,
        query.pageSize,
        (query.page - 1) * query.pageSize,
      )
      .toArray(),
  };
}

/** Forgets records before a time and gives the USD that they came to. */
export function dropBillings(sql: SqlStorage, before: number): number {
  const { spent } = sql
    .exec<{ spent: number }>(`SELECT ${SPENT} AS spent FROM billings WHERE created_at < ?`, before)
    .one();
  sql.exec("DELETE FROM billings WHERE created_at < ?", before);
  return spent;
}

function record(sql: SqlStorage, type: "deduct" | "refund", task: Task, at: number): void {
  sql.exec(
    "INSERT INTO billings VALUES (?, ?, ?, ?, ?, ?)",
    crypto.randomUUID(),
    type,
    task.id,
    task.model,
    task.price_usd,
    at,
  );
}
