import { createRoute, z } from "@hono/zod-openapi";
import type { ModelEntry } from "../catalog/index.ts";
import { pickRate, ratesFor } from "../money/index.ts";
import { modelsOf, readSettings, type Settings } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, pageById, pageFields, pageOf } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { RateSchema, toRate } from "./rate-shape.ts";
import { answers200 } from "./responses.ts";

const RateCardSchema = z
  .object({
    model: z.string(),
    enabled: z.boolean(),
    current: RateSchema.nullable().openapi({ description: "null: unpriced, so refused" }),
    scheduled: z.array(RateSchema).openapi({ description: "Versions that wait for their time" }),
    past: z
      .array(RateSchema)
      .openapi({ description: "Versions that are no more in force, or were overtaken; the newest" }),
  })
  .openapi("RateCard");

const Query = z.strictObject({
  ...pageFields,
  model: z.string().min(1).max(200).optional().openapi({ description: "This one alone" }),
});

const route = createRoute({
  method: "get",
  path: "/rates",
  summary: "List each model's prices, by model",
  tags: ["prices"],
  ...operatorAccess,
  request: { query: Query },
  responses: answers200(pageOf(RateCardSchema), "A page of rate cards"),
});

export const listRates = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const { limit, cursor, model } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    // From D1, not from the isolate's copy: an operator sees what was just written.
    const settings = await readSettings(control, now());
    const wanted = modelsOf(settings).filter(({ id }) => model === undefined || id === model);
    const page = pageById(wanted, after.value, limit);
    return c.json({ data: page.rows.map((entry) => toCard(entry, settings)), next_cursor: page.next }, 200);
  });
};

function toCard(model: ModelEntry, settings: Settings): z.infer<typeof RateCardSchema> {
  const versions = ratesFor(model, settings.rates.get(model.id));
  const current = pickRate(versions, settings.loadedAt);
  const waiting = versions.filter((rate) => rate.effectiveFrom > settings.loadedAt);
  const begun = versions.filter((rate) => rate.effectiveFrom <= settings.loadedAt && rate !== current);
  return {
    model: model.id,
    enabled: !settings.disabledModels.has(model.id),
    current: current ? toRate(current) : null,
    scheduled: waiting.map(toRate),
    past: begun.map(toRate),
  };
}
