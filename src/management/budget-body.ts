import { z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { ChangeInput } from "../ledger/changes.ts";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { parseMicros } from "../money/index.ts";
import { fromScope, ScopeSchema } from "./budget-shape.ts";
import { AmountField, ModeField, SlugField, TenantParams, TimeZoneField } from "./fields.ts";
import { refuseUnknownModels } from "./known-models.ts";
import { knownTenant } from "./known-tenant.ts";
import { invalidFields } from "./problem.ts";
import type { Services } from "./services.ts";

const THRESHOLDS_MAX = 20;
const PERCENT_MAX = 1_000;

/** A budget as a request gives it. */
export const BudgetBody = z.strictObject({
  scope: ScopeSchema,
  limit: AmountField,
  window: z.enum(["total", "day", "week", "month"]),
  mode: ModeField.default("live"),
  time_zone: TimeZoneField.nullish().openapi({ description: "Absent: the tenant's" }),
  thresholds: z
    .array(z.number().int().min(1).max(PERCENT_MAX))
    .min(1)
    .max(THRESHOLDS_MAX)
    .nullish()
    .openapi({ description: "Percents of the limit that raise an event; absent: 50, 80 and 100" }),
});

export const BudgetParams = TenantParams.extend({ budget_id: SlugField });

interface AskedBudget {
  ledger: TenantLedgerApi;
  input: ChangeInput<"put_budget">;
}

/** The budget that a request asks for, as its tenant's ledger takes it. */
export async function readBudget(
  services: Services,
  { tenant, budget_id }: z.infer<typeof BudgetParams>,
  { scope, limit, window, mode, time_zone, thresholds }: z.infer<typeof BudgetBody>,
): Promise<Result<AskedBudget, Refusal>> {
  const limitMicros = parseMicros(limit, "limit");
  if (!limitMicros.ok) return err(invalidFields([limitMicros.error]));
  const unknown = "model" in scope ? await refuseUnknownModels(services, [scope.model], () => "scope.model") : null;
  if (unknown) return err(unknown);
  const known = await knownTenant(services, tenant);
  if (!known.ok) return known;
  const input = {
    id: budget_id,
    mode,
    scope: fromScope(scope),
    window,
    limitMicros: limitMicros.value,
    timeZone: time_zone ?? null,
    thresholds: thresholds ?? null,
  };
  return ok({ ledger: known.value.ledger, input });
}
