import { createRoute, z } from "@hono/zod-openapi";
import { parseMicros } from "../money/index.ts";
import { manageAccess } from "./access.ts";
import { BudgetSchema, fromScope, ScopeSchema, toBudget } from "./budget-shape.ts";
import { AmountField, ModeField, SlugField, TenantParams, TimeZoneField } from "./fields.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import { refuseUnknownModels } from "./known-models.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const THRESHOLDS_MAX = 20;
const PERCENT_MAX = 1_000;

const Body = z.strictObject({
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

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/budgets/{budget_id}",
  summary: "Create or replace a budget",
  description: "Counts at once everything that was captured and is held in its current window.",
  tags: ["budgets"],
  ...manageAccess,
  "x-audit": { tells: ["scope.key"] },
  request: { params: TenantParams.extend({ budget_id: SlugField }), headers: IdempotencyHeaders, body: bodyOf(Body) },
  responses: answers200(BudgetSchema, "The budget as it stands"),
});

export const putBudget = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, budget_id } = c.req.valid("param");
    const body = c.req.valid("json");
    const { scope, limit, window, mode, time_zone, thresholds } = body;
    const limitMicros = parseMicros(limit, "limit");
    if (!limitMicros.ok) return refuse(c, invalidFields([limitMicros.error]));
    const services = c.get("services");
    const unknown = "model" in scope ? await refuseUnknownModels(services, [scope.model], () => "scope.model") : null;
    if (unknown) return refuse(c, unknown);
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const input = {
      id: budget_id,
      mode,
      scope: fromScope(scope),
      window,
      limitMicros: limitMicros.value,
      timeZone: time_zone ?? null,
      thresholds: thresholds ?? null,
    };
    const put = await known.value.ledger.change("put_budget", input, changeMeta(c, route, body));
    return put.ok ? c.json(toBudget(put.value), 200, replayHeaders(put.replayed)) : refuse(c, put.error);
  });
};
