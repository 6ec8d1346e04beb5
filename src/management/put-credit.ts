import { createRoute, z } from "@hono/zod-openapi";
import { parseMicros } from "../money/index.ts";
import { operatorAccess } from "./access.ts";
import { answerCredit } from "./answer-change.ts";
import { CreditSchema } from "./credit-shape.ts";
import { AmountField, TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({
  limit: AmountField.openapi({ description: "How far below zero the balance may go; 0: prepaid, more: postpaid" }),
});

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/credit",
  summary: "Give a tenant credit, or change its limit",
  description: "The balance stays as it is. A tenant with credit draws on it for live jobs, besides its budgets.",
  tags: ["credit"],
  ...operatorAccess,
  request: { params: TenantParams, headers: IdempotencyHeaders, body: bodyOf(Body) },
  responses: answers200(CreditSchema, "The credit as it stands"),
});

export const putCredit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const limit = parseMicros(body.limit, "limit");
    if (!limit.ok) return refuse(c, invalidFields([limit.error]));
    const input = { limitMicros: limit.value };
    const { tenant } = c.req.valid("param");
    return answerCredit(c, tenant, (ledger) => ledger.change("set_credit_limit", input, changeMeta(c, route, body)));
  });
};
