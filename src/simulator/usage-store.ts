/** Rows behind `POST /user/usage_stats`, USD as floats as WaveSpeed reports them. */
export type ModelUsage = { model: string; cost: number; tasks: number; last_at: number };
export type DayUsage = { day: string; model: string; cost: number; tasks: number };

export interface Usage {
  models: ModelUsage[];
  days: DayUsage[];
  completed: number;
}

const NET = "SUM(CASE billing_type WHEN 'deduct' THEN price_usd ELSE -price_usd END)";

/** What the tasks created in `[after, before]` cost so far, by model and by UTC day and model. */
export function readUsage(sql: SqlStorage, after: number, before: number, model: string | null, now: number): Usage {
  const scope = `FROM billings WHERE created_at BETWEEN ? AND ? AND created_at <= ? AND (? IS NULL OR model = ?)`;
  const binds = [after, before, now, model, model];
  return {
    models: sql
      .exec<ModelUsage>(
        `SELECT model, ${NET} AS cost, COUNT(DISTINCT prediction_id) AS tasks, MAX(created_at) AS last_at
         ${scope} GROUP BY model ORDER BY model`,
        ...binds,
      )
      .toArray(),
    days: sql
      .exec<DayUsage>(
        `SELECT date(created_at / 1000, 'unixepoch') AS day, model, ${NET} AS cost,
                COUNT(DISTINCT prediction_id) AS tasks ${scope} GROUP BY day, model ORDER BY day, model`,
        ...binds,
      )
      .toArray(),
    completed: sql
      .exec<{ completed: number }>(
        `SELECT COUNT(*) AS completed FROM tasks WHERE created_at BETWEEN ? AND ? AND ends_at <= ?
         AND end_status = 'completed' AND (? IS NULL OR model = ?)`,
        ...binds,
      )
      .one().completed,
  };
}
