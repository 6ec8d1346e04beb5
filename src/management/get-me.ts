import { createRoute, z } from "@hono/zod-openapi";
import { tenantAccess } from "./access.ts";
import { bindKey } from "./bind-key.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { CreditSchema, toCredit } from "./credit-shape.ts";
import { ModeField } from "./fields.ts";
import { KeySchema, toKey } from "./key-shape.ts";
import { LimitSchema, toLimit } from "./limit-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { NOT_A_TENANT } from "./services.ts";
import { TenantSchema, toTenant } from "./tenant-shape.ts";

const OwnTenant = TenantSchema.pick({ id: true, name: true, time_zone: true, status: true, reason: true });

const MeSchema = z
  .object({
    tenant: OwnTenant,
    key: KeySchema,
    mode: ModeField,
    budgets: z.array(BudgetSchema).openapi({ description: "Those that bind this key's jobs" }),
    limits: z.array(LimitSchema).openapi({ description: "Those that bind this key's submits" }),
    credit: CreditSchema.nullable().openapi({ description: "null: the tenant has none, or the key is a sandbox one" }),
  })
  .openapi("Me");

const route = createRoute({
  method: "get",
  path: "/me",
  summary: "Who am I, what may I spend, what did I spend",
  tags: ["tenant"],
  ...tenantAccess,
  responses: answers200(MeSchema, "The key that was sent, its tenant, and what binds it"),
});

export const getMe = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const principal = c.get("principal");
    if (principal.kind !== "tenant") return refuse(c, NOT_A_TENANT);
    const { key } = principal;
    const ledger = c.get("services").ledger(principal.tenant.tenant);
    const [budgets, limits, credit] = await Promise.all([ledger.budgets(), ledger.limits(), ledger.credit()]);
    const { pricing_version: _operators, created_at: _made, ...tenant } = toTenant(principal.tenant);
    const me = {
      tenant,
      key: toKey(key, principal.tenant.tenant),
      mode: key.mode,
      budgets: bindKey(budgets, key).map(toBudget),
      limits: bindKey(limits, key).map(toLimit),
      credit: credit && key.mode === "live" ? toCredit(credit) : null,
    };
    return c.json(me, 200);
  });
};
