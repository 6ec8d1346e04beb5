import { Hono } from "hono";
import { z } from "zod";
import { findModel } from "../catalog/index.ts";
import type { SimulatorApp } from "./app-env.ts";
import { checkedBody } from "./checked-body.ts";
import { failure, success } from "./envelope.ts";
import { instant } from "./instant.ts";
import { otherModel } from "./other-models.ts";
import { basePriceUsd } from "./price-list.ts";
import type { Usage } from "./usage-store.ts";

const SPAN_MS_MAX = 31 * 86_400_000;
const usageQuery = z.object({
  start_time: instant,
  end_time: instant,
  model_uuid: z.string().optional(),
});

/** POST /user/usage_stats: spending by model and by UTC day. */
export const usageRoute = new Hono<SimulatorApp>().post("/user/usage_stats", async (c) => {
  const body = await checkedBody(c.req.raw, usageQuery);
  if (!body.ok) return body.error;
  const { start_time, end_time, model_uuid } = body.value;
  const span = end_time - start_time;
  if (span < 0 || span > SPAN_MS_MAX) return failure(400, "end_time must be at most 31 days after start_time", 1401);
  return success(statsOf(await c.get("stub").usage(start_time, end_time, model_uuid ?? null)));
});

function statsOf(usage: Usage): unknown {
  return {
    per_model_usage: usage.models.map((row) => ({
      model_uuid: row.model,
      model_type: findModel(row.model)?.type ?? otherModel(row.model)?.type ?? "",
      unit_price: basePriceUsd(row.model) ?? 0,
      total_cost: row.cost,
      total_count: row.tasks,
      last_used_date: new Date(row.last_at).toISOString(),
    })),
    daily_usage: [...Map.groupBy(usage.days, ({ day }) => day)].map(([date, rows]) => ({
      date,
      amount: rows.reduce((sum, row) => sum + row.cost, 0),
      count: rows.reduce((sum, row) => sum + row.tasks, 0),
      models: rows.map((row) => ({ model_uuid: row.model, amount: row.cost, count: row.tasks })),
    })),
    summary: {
      total_cost: usage.models.reduce((sum, row) => sum + row.cost, 0),
      total_requests: usage.models.reduce((sum, row) => sum + row.tasks, 0),
      success_requests: usage.completed,
    },
  };
}
