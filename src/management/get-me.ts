import { createRoute, z } from "@hono/zod-openapi";
import { tenantAccess } from "./access.ts";
import { bindingBudgets } from "./binding-budgets.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { ModeField, TenantIdField } from "./fields.ts";
import { KeySchema, toKey } from "./key-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const MeSchema = z
  .object({
    tenant: z.object({ id: TenantIdField, name: z.string(), time_zone: z.string() }),
    key: KeySchema,
    mode: ModeField,
    budgets: z.array(BudgetSchema).openapi({ description: "Those that bind this key's jobs" }),
  })
  .openapi("Me");

const route = createRoute({
  method: "get",
  path: "/me",
  summary: "Who am I, what may I spend, what did I spend",
  tags: ["tenant"],
  ...tenantAccess,
  responses: answers200(MeSchema, "The key that was sent, its tenant, and the budgets that bind it"),
});

export const getMe = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const principal = c.get("principal");
    if (principal.kind !== "tenant") return refuse(c, { code: "forbidden", message: "this call is for tenants" });
    const { tenant, key } = principal;
    const budgets = await c.get("services").ledger(tenant.tenant).budgets();
    const me = {
      tenant: { id: tenant.tenant, name: tenant.name, time_zone: tenant.timeZone },
      key: toKey(key),
      mode: key.mode,
      budgets: bindingBudgets(budgets, key).map(toBudget),
    };
    return c.json(me, 200);
  });
};
