import { Hono } from "hono";
import { z } from "zod";
import { findModel, validateInput, type WrittenModel } from "../catalog/index.ts";
import type { SimulatorApp } from "./app-env.ts";
import type { BillingRecord } from "./billing-store.ts";
import { checkedBody } from "./checked-body.ts";
import { failure, success } from "./envelope.ts";
import { faultable } from "./faultable.ts";
import { instant } from "./instant.ts";
import { otherModel } from "./other-models.ts";
import { basePriceUsd, priceUsd } from "./price-list.ts";

const priceQuery = z.object({
  model_id: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

const billingQuery = z.object({
  billing_type: z.enum(["deduct", "refund"]).optional(),
  prediction_uuids: z.array(z.string()).max(100).optional(),
  model_uuid: z.string().optional(),
  access_key_uuid: z.string().optional(),
  sort: z.enum(["created_at DESC", "created_at ASC"]).default("created_at DESC"),
  start_time: instant.optional(),
  end_time: instant.optional(),
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(100),
});

/** Prices, the balance and billing records. */
export const moneyRoutes = new Hono<SimulatorApp>()
  .post("/model/price", faultable("price", "prices"), async (c) => quote(c.req.raw))
  .post("/model/pricing", faultable("price", "prices"), async (c) => quote(c.req.raw))
  .get("/balance", faultable("balance", "balances"), async (c) =>
    success({ balance: await c.get("stub").balanceUsd() }),
  )
  .post("/billings/search", faultable("billings", "billings"), async (c) => {
    const body = await checkedBody(c.req.raw, billingQuery);
    if (!body.ok) return body.error;
    const query = body.value;
    const isOwn = query.access_key_uuid === undefined || query.access_key_uuid === c.get("account");
    const { records, total, now } = await c.get("stub").billings({
      page: query.page,
      pageSize: query.page_size,
      descending: query.sort === "created_at DESC",
      type: query.billing_type,
      model: query.model_uuid,
      // An account has one key; of another's there is nothing.
      predictions: isOwn ? query.prediction_uuids : [],
      after: query.start_time,
      before: query.end_time,
    });
    const items = records.map((record) => itemOf(record, now, c.get("account")));
    return success({
      page: query.page,
      total,
      has_more: query.page * query.page_size < total,
      items,
    });
  });

/** One answer satisfies the callers of both price endpoints. Inputs that are missing or wrong quote the base price. */
async function quote(request: Request): Promise<Response> {
  const body = await checkedBody(request, priceQuery);
  if (!body.ok) return body.error;
  const { model_id, inputs } = body.value;
  const price = priceOf(model_id, inputs);
  if (price === undefined) return failure(400, `model "${model_id}" not found`);
  const shared = { model_id, currency: "USD" };
  return success({
    ...shared,
    price,
    discounted_price: price,
    discount_rate: 100,
    unit_price: price,
  });
}

/** undefined: not for sale. */
function priceOf(id: string, inputs: Record<string, unknown>): number | undefined {
  const model = findModel(id);
  const base = basePriceUsd(id);
  if (model && base !== undefined) return priceUsd(base, secondsOf(model, inputs));
  return otherModel(id)?.priceUsd(inputs);
}

/** Only the duration moves the price, so the other inputs need not be there yet. */
function secondsOf(model: WrittenModel, inputs: Record<string, unknown>): number {
  const duration = inputs["duration"];
  const alone = {
    ...model,
    fields: Object.fromEntries(Object.entries(model.fields).filter(([name]) => name === "duration")),
  };
  const valid = validateInput(alone, duration === undefined ? {} : { duration });
  return valid.ok ? valid.value.seconds : 5;
}

function itemOf(record: BillingRecord, now: number, account: string): unknown {
  const at = new Date(record.created_at).toISOString();
  const ended = record.ends_at === null || record.ends_at <= now;
  const order = {
    price: record.price_usd,
    origin_price: record.price_usd,
    state: ended ? "done" : "pre",
  };
  return {
    uuid: record.uuid,
    billing_type: record.billing_type,
    price: record.price_usd,
    created_at: at,
    updated_at: at,
    order: { uuid: record.uuid, ...order, status: order.state, ak_id: 1 },
    prediction: {
      uuid: record.prediction_id,
      model_uuid: record.model,
      status: ended ? (record.end_status ?? "deleted") : "processing",
    },
    access_key_id: 1,
    access_key_name: "default",
    access_key_uuid: account,
  };
}
