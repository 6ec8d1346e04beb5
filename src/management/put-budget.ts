import { createRoute, z } from "@hono/zod-openapi";
import { parseMicros } from "../money/index.ts";
import { operatorAccess } from "./access.ts";
import { BudgetSchema, fromScope, ScopeSchema, toBudget } from "./budget-shape.ts";
import { AmountField, ModeField, SlugField, TenantParams, TimeZoneField } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({
  scope: ScopeSchema,
  limit: AmountField,
  window: z.enum(["total", "day", "week", "month"]),
  mode: ModeField.default("live"),
  time_zone: TimeZoneField.nullish().openapi({ description: "Absent: the tenant's" }),
});

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/budgets/{budget_id}",
  summary: "Create or replace a budget",
  description: "Counts at once everything that was captured and is held in its current window.",
  tags: ["budgets"],
  ...operatorAccess,
  request: { params: TenantParams.extend({ budget_id: SlugField }), body: bodyOf(Body) },
  responses: answers200(BudgetSchema, "The budget as it stands"),
});

export const putBudget = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, budget_id } = c.req.valid("param");
    const { scope, limit, window, mode, time_zone } = c.req.valid("json");
    const limitMicros = parseMicros(limit, "limit");
    if (!limitMicros.ok) return refuse(c, invalidFields([limitMicros.error]));
    const known = await knownTenant(c.get("services"), tenant);
    if (!known.ok) return refuse(c, known.error);
    const put = await known.value.ledger.putBudget({
      id: budget_id,
      mode,
      scope: fromScope(scope),
      window,
      limitMicros: limitMicros.value,
      timeZone: time_zone ?? null,
    });
    return put.ok ? c.json(toBudget(put.value), 200) : refuse(c, put.error);
  });
};
