import { createRoute, z } from "@hono/zod-openapi";
import { requestSchema, type ModelEntry } from "../catalog/index.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import { priceJob } from "../ledger/price-job.ts";
import type { TenantInfo } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import { admissibleRates, modelsOf, type Settings } from "../settings/index.ts";
import { seeAccess } from "./access.ts";
import { AmountOut, TenantParams } from "./fields.ts";
import { knownTenant, tenantInfo } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const OfferedModelSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    description: z.string(),
    unit: z.enum(["second", "run"]),
    unit_price: AmountOut.openapi({ description: "What one unit costs this tenant by itself" }),
    input_schema: z.record(z.string(), z.unknown()).openapi({ description: "JSON schema of the input" }),
  })
  .openapi("OfferedModel");

type OfferedModel = z.infer<typeof OfferedModelSchema>;

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/models",
  summary: "List the models that a tenant can run, at its prices, by id",
  description: "Models that are switched off, or have no price, are not in it.",
  tags: ["prices"],
  ...seeAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(OfferedModelSchema), "A page of models"),
});

export const listTenantModels = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const settings = await services.settings();
    if (!settings.ok) return refuse(c, settings.error);
    const info = await tenantInfo(known.value.ledger);
    const offered = modelsOf(settings.value)
      .flatMap((model) => offer(model, settings.value, info, services.now()))
      .filter(({ id }) => id > after.value)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = cutPage(offered, limit);
    return c.json({ data: page.rows, next_cursor: page.next }, 200);
  });
};

/** The model at what one unit of it costs the tenant now, or nothing where it cannot be run. */
function offer(model: ModelEntry, settings: Settings, { pricing }: TenantInfo, now: number): OfferedModel[] {
  const rates = admissibleRates(settings, model, now);
  const [rate] = rates.ok ? offerRates([rates.value.current], 1) : [];
  const priced = rate && priceJob({ model: model.id, seconds: 1 }, rate, pricing);
  if (!rate || !priced) return [];
  const { id, name, type, description } = model;
  const price = { unit: rate.unit, unit_price: formatMicros(priced.priceMicros) };
  return [{ id, name, type, description, ...price, input_schema: { ...requestSchema(model) } }];
}
