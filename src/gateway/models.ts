import type { Context } from "hono";
import { requestSchema } from "../catalog/index.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import { priceJob } from "../ledger/price-job.ts";
import { admissibleRates, loadSettings, modelsOf } from "../settings/index.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse, succeed } from "./reply.ts";

const BASE_SECONDS = 5;

/** GET /api/v3/models: the models that this gateway prices, at the tenant's prices, in WaveSpeed's shape. */
export async function models(c: Context<GatewayEnv>): Promise<Response> {
  const now = Date.now();
  const settings = await loadSettings(c.env.CONTROL, now);
  if (!settings.ok) return refuse(c, settings.error);
  const tenant = await ledgerOf(c.env, c.get("caller").tenant).describe();
  if (!tenant) return refuse(c, { code: "not_found", message: "this tenant does not exist" });
  const { origin } = new URL(c.req.url);
  const data = modelsOf(settings.value).flatMap((model, index) => {
    const rates = admissibleRates(settings.value, model, now);
    const [offered] = rates.ok ? offerRates([rates.value.current], BASE_SECONDS) : [];
    const priced = offered && priceJob({ model: model.id, seconds: BASE_SECONDS }, offered, tenant.pricing);
    if (!priced) return [];
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
        base_price: priced.priceMicros / MICROS_PER_USD,
        formula: offered.unit === "second" ? `{"total_price": base_price * duration / ${BASE_SECONDS}}` : "",
        sort_order: index,
        api_schema: { api_schemas: [schema] },
      },
    ];
  });
  return succeed(c, data);
}
