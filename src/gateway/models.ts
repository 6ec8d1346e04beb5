import type { Context } from "hono";
import { listModels, requestSchema } from "../catalog/index.ts";
import { jobCostMicros, pickRate, ratesFor } from "../money/index.ts";
import { loadSettings } from "../settings/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse, succeed } from "./reply.ts";

const MICROS_PER_USD = 1_000_000;
const BASE_SECONDS = 5;

/** GET /api/v3/models: the models that this gateway prices, in WaveSpeed's shape, pointing at us. */
export async function models(c: Context<GatewayEnv>): Promise<Response> {
  const now = Date.now();
  const settings = await loadSettings(c.env.CONTROL, now);
  if (!settings.ok) return refuse(c, settings.error);
  const { origin } = new URL(c.req.url);
  const data = listModels().flatMap((model, index) => {
    const rate = pickRate(ratesFor(model, settings.value.rates.get(model.id)), now);
    if (!rate || settings.value.disabledModels.has(model.id)) return [];
    const schema = {
      type: "model_run",
      method: "POST",
      server: origin,
      api_path: `/api/v3/${model.id}`,
      request_schema: requestSchema(model),
    };
    return [
      {
        model_id: model.id,
        name: model.id,
        description: model.description,
        type: model.type,
        base_price: jobCostMicros(rate, BASE_SECONDS) / MICROS_PER_USD,
        formula: rate.unit === "second" ? `{"total_price": base_price * duration / ${BASE_SECONDS}}` : "",
        sort_order: index,
        api_schema: { api_schemas: [schema] },
      },
    ];
  });
  return succeed(c, data);
}
