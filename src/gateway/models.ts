import { createHash } from "node:crypto";
import type { Context } from "hono";
import { requestSchema, type ModelEntry } from "../catalog/index.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import { loadSettings, modelsOf } from "../settings/index.ts";
import { BASE_SECONDS, basePrice } from "./base-price.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse, succeed } from "./reply.ts";

/** GET /api/v3/models: the priced models that the key may use, at the tenant's prices, in WaveSpeed's shape. Has an ETag. */
export async function models(c: Context<GatewayEnv>): Promise<Response> {
  const now = Date.now();
  const settings = await loadSettings(c.env.CONTROL, now);
  if (!settings.ok) return refuse(c, settings.error);
  const tenant = await ledgerOf(c.env, c.get("caller").tenant).describe();
  if (!tenant) return refuse(c, { code: "not_found", message: "this tenant does not exist" });
  const { models: allowed } = c.get("key");
  const { origin } = new URL(c.req.url);
  const data = modelsOf(settings.value).flatMap((model, index) => {
    const base = basePrice(model, settings.value, tenant.pricing, now);
    const isAllowed = allowed === null || allowed.includes(model.id);
    return base && isAllowed ? [{ ...describe(model, base, origin), sort_order: index }] : [];
  });
  const tag = `"${createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 32)}"`;
  c.header("etag", tag);
  c.header("cache-control", "private, no-cache");
  return c.req.header("if-none-match") === tag ? c.body(null, 304) : succeed(c, data);
}

function describe(model: ModelEntry, base: NonNullable<ReturnType<typeof basePrice>>, origin: string) {
  const schema = {
    type: "model_run",
    method: "POST",
    server: origin,
    api_path: `/api/v3/${model.id}`,
    request_schema: requestSchema(model),
  };
  return {
    model_id: model.id,
    name: model.id,
    description: model.description,
    type: model.type,
    base_price: base.priceMicros / MICROS_PER_USD,
    formula: base.unit === "second" ? `{"total_price": base_price * duration / ${BASE_SECONDS}}` : "",
    api_schema: { api_schemas: [schema] },
  };
}
