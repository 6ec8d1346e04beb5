import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { addRate } from "./add-rate.ts";
import { AmountField, InstantField, ModelField } from "./fields.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { RateSchema, toRate } from "./rate-shape.ts";
import { answers201, bodyOf } from "./responses.ts";
import { parseUnitPrice } from "./unit-price.ts";

const Body = z.strictObject({
  model: ModelField,
  unit_price: AmountField,
  unit: z.enum(["second", "run"]).default("second"),
  effective_from: InstantField.nullish().openapi({ description: "Absent: as soon as is allowed" }),
  source: z.string().trim().min(1).max(300).default("operator"),
});

const route = createRoute({
  method: "post",
  path: "/rates",
  summary: "Set a model's next price",
  description:
    "Makes a new version. A change begins at least a minute ahead; the first price of an unpriced model may begin " +
    "at once. Of the versions that have begun, the highest is in force: a newer one overtakes one that still waits.",
  tags: ["prices"],
  ...operatorAccess,
  request: { headers: IdempotencyHeaders, body: bodyOf(Body) },
  responses: answers201(RateSchema, "The new version"),
});

export const createRate = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const { model, unit_price, unit, effective_from, source } = body;
    const unitMicros = parseUnitPrice(unit_price);
    if (!unitMicros.ok) return refuse(c, invalidFields([unitMicros.error]));
    const effectiveFrom = effective_from == null ? null : Date.parse(effective_from);
    const proposal = { model, unit, unitMicros: unitMicros.value, effectiveFrom, source };
    const { once } = changeMeta(c, route, body);
    const added = await addRate(c.get("services"), proposal, once);
    return added.ok ? c.json(toRate(added.value), 201, replayHeaders(added.replayed)) : refuse(c, added.error);
  });
};
