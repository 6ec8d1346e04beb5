import type { Context } from "hono";
import { z } from "zod";
import { findModel, showValue, type ModelEntry } from "../catalog/index.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import { hourlyUsage, type DayUsage } from "../reporting/index.ts";
import { loadSettings, modelOf } from "../settings/index.ts";
import { basePrice } from "./base-price.ts";
import { checkFields, instantField, optional, textField } from "./check-fields.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { readJsonObject } from "./read-body.ts";
import { invalid, refuse, succeed } from "./reply.ts";

const SPAN_DAYS_MAX = 31;

const Query = z.object({ start_time: instantField, end_time: instantField, model_uuid: optional(textField(200)) });

/**
 * POST /api/v3/user/usage_stats: what was captured of the tenant's jobs in the key's mode, at the tenant's prices, by
 * model and by UTC day; whole UTC hours. Captured jobs only, so each request counted is one that succeeded.
 */
export async function usageStats(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw);
  const query = body.ok ? checkFields(Query, body.value) : body;
  if (!query.ok) return refuse(c, query.error);
  const { start_time: after, end_time: before, model_uuid: model = null } = query.value;
  if (before < after || before - after > SPAN_DAYS_MAX * 86_400_000) {
    const rule = `must be at most ${SPAN_DAYS_MAX} days after start_time, and not before it`;
    return refuse(c, invalid([{ field: "end_time", rule, value: showValue(body.ok && body.value["end_time"]) }]));
  }
  const { tenant, mode } = c.get("caller");
  const rows = await hourlyUsage(c.env.REPORT, { tenant, mode, after, before, model });
  if (!rows.ok) return refuse(c, rows.error);
  return succeed(c, statsOf(rows.value, await modelFacts(c)));
}

/** What is known of a model today. `unitPrice`: of a run, for this tenant; 0 where it is not priced any more. */
interface ModelFacts {
  type: string;
  unitPrice: number;
}

async function modelFacts(c: Context<GatewayEnv>): Promise<(model: string) => ModelFacts> {
  const now = Date.now();
  const [settings, tenant] = await Promise.all([
    loadSettings(c.env.CONTROL, now),
    ledgerOf(c.env, c.get("caller").tenant).describe(),
  ]);
  return (id) => {
    const model: ModelEntry | undefined = settings.ok ? modelOf(settings.value, id) : findModel(id);
    const base = model && tenant && settings.ok ? basePrice(model, settings.value, tenant.pricing, now) : null;
    return { type: model?.type ?? "", unitPrice: (base?.priceMicros ?? 0) / MICROS_PER_USD };
  };
}

function statsOf(rows: readonly DayUsage[], factsOf: (model: string) => ModelFacts): unknown {
  const days = Map.groupBy(rows, ({ day }) => day);
  const models = Map.groupBy(rows, ({ model }) => model);
  return {
    per_model_usage: [...models].map(([model, used]) => ({
      model_uuid: model,
      model_type: factsOf(model).type,
      unit_price: factsOf(model).unitPrice,
      total_cost: usd(used),
      total_count: jobsOf(used),
      last_used_date: new Date(Math.max(...used.map(({ lastHour }) => lastHour))).toISOString(),
    })),
    daily_usage: [...days].map(([date, used]) => ({
      date,
      amount: usd(used),
      count: jobsOf(used),
      models: used.map((row) => ({ model_uuid: row.model, amount: usd([row]), count: row.jobs })),
    })),
    summary: { total_cost: usd(rows), total_requests: jobsOf(rows), success_requests: jobsOf(rows) },
  };
}

/** Summed before it is divided: a sum of floats would not be exact. */
const usd = (rows: readonly DayUsage[]): number =>
  rows.reduce((sum, { priceMicros }) => sum + priceMicros, 0) / MICROS_PER_USD;

const jobsOf = (rows: readonly DayUsage[]): number => rows.reduce((sum, { jobs }) => sum + jobs, 0);
