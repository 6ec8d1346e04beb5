import type { Context } from "hono";
import { pricedSeconds, showValue } from "../catalog/index.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import { admissibleRates, loadSettings, modelOf, refuseModel } from "../settings/index.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { readJsonObject } from "./read-body.ts";
import { invalid, refuse, succeed } from "./reply.ts";

const MODEL_ID = { field: "model_id", rule: "must be the id of a model" };

/**
 * POST /api/v3/model/price and /model/pricing: exactly what a submit of these inputs would hold.
 * One body serves both editions. Inputs that do not change the price may be missing.
 */
export async function price(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw);
  if (!body.ok) return refuse(c, body.error);
  const modelId = body.value["model_id"];
  if (typeof modelId !== "string") return refuse(c, invalid([{ ...MODEL_ID, value: showValue(modelId) }]));
  const now = Date.now();
  const settings = await loadSettings(c.env.CONTROL, now);
  if (!settings.ok) return refuse(c, settings.error);
  const model = modelOf(settings.value, modelId);
  if (!model) return refuse(c, refuseModel(settings.value, modelId));
  const seconds = pricedSeconds(model, body.value["inputs"]);
  if (!seconds.ok) return refuse(c, invalid(seconds.error));
  const rates = admissibleRates(settings.value, model, now);
  if (!rates.ok) return refuse(c, rates.error);
  const job = { model: model.id, seconds: seconds.value, rates: offerRates(rates.value.inPlay, seconds.value) };
  const priced = await ledgerOf(c.env, c.get("caller").tenant).price(job);
  if (!priced) return refuse(c, { code: "model_unpriced", message: `model ${model.id} has no price` });
  const usd = priced.priceMicros / MICROS_PER_USD;
  return succeed(c, {
    model_id: model.id,
    price: usd,
    discounted_price: usd,
    discount_rate: 100,
    unit_price: usd,
    currency: "USD",
  });
}
