/** One job on the upstream's own bill, in integer micro-dollars. */
export type BillItem = {
  prediction_id: string;
  model: string;
  status: string;
  deduct_micros: number;
  refund_micros: number;
  created_at: string;
};

export interface Bill {
  tasks: number;
  deducted_micros: number;
  refunded_micros: number;
  net_micros: number;
  submits: number;
  items: BillItem[];
  /** Give it back as `cursor` for the items that follow; null at the end. */
  next_cursor: string | null;
}

const MICROS = "CAST(ROUND(billings.price_usd * 1000000) AS INTEGER)";
const SUMS = `COALESCE(SUM(CASE billing_type WHEN 'deduct' THEN ${MICROS} ELSE 0 END), 0) AS deducted,
  COALESCE(SUM(CASE billing_type WHEN 'refund' THEN ${MICROS} ELSE 0 END), 0) AS refunded`;
const STATUS = `CASE WHEN tasks.id IS NULL THEN 'forgotten' WHEN tasks.vanished = 1 THEN 'deleted'
  WHEN tasks.ends_at <= ? THEN tasks.end_status WHEN tasks.running_from <= ? THEN 'processing' ELSE 'created' END`;

type Row = {
  prediction_id: string;
  model: string;
  status: string;
  began: number;
  deducted: number;
  refunded: number;
};

/** The bill so far: totals over everything, items in order of creation. A refund counts from its date. */
export function readBill(sql: SqlStorage, now: number, submits: number, limit: number, cursor: string): Bill {
  const totals = sql
    .exec<{ tasks: number; deducted: number; refunded: number }>(
      `SELECT COUNT(DISTINCT prediction_id) AS tasks, ${SUMS} FROM billings WHERE created_at <= ?`,
      now,
    )
    .one();
  const rows = readItems(sql, now, limit + 1, cursor);
  const page = rows.slice(0, limit);
  return {
    tasks: totals.tasks,
    deducted_micros: totals.deducted,
    refunded_micros: totals.refunded,
    net_micros: totals.deducted - totals.refunded,
    submits,
    items: page.map(itemOf),
    next_cursor: rows.length > limit ? (page.at(-1)?.prediction_id ?? null) : null,
  };
}

function readItems(sql: SqlStorage, now: number, limit: number, cursor: string): Row[] {
  return sql
    .exec<Row>(
      `SELECT * FROM (
         SELECT prediction_id, billings.model AS model, ${STATUS} AS status,
                MIN(billings.created_at) AS began, ${SUMS}
         FROM billings LEFT JOIN tasks ON tasks.id = prediction_id
         WHERE billings.created_at <= ? GROUP BY prediction_id)
       WHERE (began, prediction_id) >
             (COALESCE((SELECT MIN(created_at) FROM billings WHERE prediction_id = ?), -1), ?)
       ORDER BY began, prediction_id LIMIT ?`,
      now,
      now,
      now,
      cursor,
      cursor,
      limit,
    )
    .toArray();
}

const itemOf = (row: Row): BillItem => ({
  prediction_id: row.prediction_id,
  model: row.model,
  status: row.status,
  deduct_micros: row.deducted,
  refund_micros: row.refunded,
  created_at: new Date(row.began).toISOString(),
});
