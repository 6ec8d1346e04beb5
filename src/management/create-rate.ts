import { createRoute, z } from "@hono/zod-openapi";
import { findModel } from "../catalog/index.ts";
import type { FieldIssue, Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { parseMicros, ratesFor, type RateVersion } from "../money/index.ts";
import { forgetSettings, insertVersion, planVersion, readVersions, type PriceProposal } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { AmountField, InstantField, ModelField } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { RateSchema, toRate } from "./rate-shape.ts";
import { answers201, bodyOf } from "./responses.ts";
import type { Services } from "./services.ts";

/** 1,000 USD a unit: above it, a slip of the decimal point is likelier than a price. */
const UNIT_MICROS_MAX = 1_000_000_000;

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
  request: { body: bodyOf(Body) },
  responses: answers201(RateSchema, "The new version"),
});

export const createRate = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { model, unit_price, unit, effective_from, source } = c.req.valid("json");
    const unitMicros = parseUnitPrice(unit_price);
    if (!unitMicros.ok) return refuse(c, invalidFields([unitMicros.error]));
    const effectiveFrom = effective_from == null ? null : Date.parse(effective_from);
    const proposal = { model, unit, unitMicros: unitMicros.value, effectiveFrom, source };
    const added = await addVersion(c.get("services"), proposal);
    return added.ok ? c.json(toRate(added.value), 201) : refuse(c, added.error);
  });
};

async function addVersion(services: Services, proposal: PriceProposal): Promise<Result<RateVersion, Refusal>> {
  const { control, settingsLeadMs } = services;
  const model = findModel(proposal.model);
  if (!model) return err({ code: "unknown_model", message: `model ${proposal.model} is not in the catalogue` });
  const existing = ratesFor(model, await readVersions(control, model.id));
  const now = services.now();
  const planned = planVersion(existing, proposal, now, settingsLeadMs);
  if (!planned.ok) return planned;
  const added = await insertVersion(control, planned.value, now);
  if (!added) return err({ code: "conflict", message: `another price of ${model.id} was set at the same moment` });
  forgetSettings(control);
  return ok(planned.value);
}

function parseUnitPrice(text: string): Result<number, FieldIssue> {
  const micros = parseMicros(text, "unit_price");
  if (!micros.ok) return micros;
  const fits = micros.value > 0 && micros.value <= UNIT_MICROS_MAX;
  return fits
    ? micros
    : err({ field: "unit_price", rule: "must be above 0 and at most 1000", value: JSON.stringify(text) });
}
