import { Hono } from "hono";
import { listModels, requestSchema } from "../catalog/index.ts";
import { secretOfAccount } from "./account.ts";
import type { SimulatorApp } from "./app-env.ts";
import { success } from "./envelope.ts";
import { faultable } from "./faultable.ts";
import { otherModels } from "./other-models.ts";
import { basePriceUsd, PRICE_FORMULA } from "./price-list.ts";
import { publicBaseOf } from "./public-base.ts";

/** The models for sale, and the account's webhook secret. */
export const modelRoutes = new Hono<SimulatorApp>()
  .get("/models", faultable("models", "models"), async (c) => success(modelsAt(publicBaseOf(c.req.raw))))
  .get("/webhook/secret", async (c) => success({ secret: await secretOfAccount(c.get("account")) }));

interface Sold {
  id: string;
  type: string;
  description: string;
  basePrice: number;
  formula: string;
  requestSchema: unknown;
}

function modelsForSale(): Sold[] {
  const kling = listModels().flatMap((model) => {
    const basePrice = basePriceUsd(model.id);
    if (basePrice === undefined) return [];
    const { id, type, description } = model;
    return [{ id, type, description, basePrice, formula: PRICE_FORMULA, requestSchema: requestSchema(model) }];
  });
  const others = otherModels().map(({ basePriceUsd: basePrice, ...model }) => ({ ...model, basePrice }));
  return [...kling, ...others];
}

const modelsAt = (server: string): unknown[] =>
  modelsForSale().map(({ id, type, description, basePrice, formula, requestSchema: schema }, position) => ({
    model_id: id,
    name: id,
    description,
    type,
    base_price: basePrice,
    formula,
    sort_order: position + 1,
    api_schema: {
      api_schemas: [{ type: "model_run", method: "POST", server, api_path: `/api/v3/${id}`, request_schema: schema }],
    },
  }));
