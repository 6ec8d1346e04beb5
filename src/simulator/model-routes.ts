import { Hono } from "hono";
import { listModels, requestSchema } from "../catalog/index.ts";
import { secretOfAccount } from "./account.ts";
import type { SimulatorApp } from "./app-env.ts";
import { success } from "./envelope.ts";
import { faultable } from "./faultable.ts";
import { basePriceUsd, PRICE_FORMULA } from "./price-list.ts";
import { publicBaseOf } from "./public-base.ts";

/** The models for sale, and the account's webhook secret. */
export const modelRoutes = new Hono<SimulatorApp>()
  .get("/models", faultable("models", "models"), async (c) => success(modelsAt(publicBaseOf(c.req.raw))))
  .get("/webhook/secret", async (c) => success({ secret: await secretOfAccount(c.get("account")) }));

const modelsAt = (server: string): unknown[] =>
  listModels()
    .filter((model) => basePriceUsd(model.id) !== undefined)
    .map((model, position) => ({
      model_id: model.id,
      name: model.id,
      description: model.description,
      type: model.type,
      base_price: basePriceUsd(model.id),
      formula: PRICE_FORMULA,
      sort_order: position + 1,
      api_schema: {
        api_schemas: [
          {
            type: "model_run",
            method: "POST",
            server,
            api_path: `/api/v3/${model.id}`,
            request_schema: requestSchema(model),
          },
        ],
      },
    }));
