import { createRoute, z } from "@hono/zod-openapi";
import { parseMicros } from "../money/index.ts";
import { operatorAccess } from "./access.ts";
import { answerCredit } from "./answer-change.ts";
import { CreditSchema } from "./credit-shape.ts";
import { AmountField, ReasonField, TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyRequired } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({ amount: AmountField, reason: ReasonField.optional() });

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/credit/top-ups",
  summary: "Add money to a tenant's credit",
  description: "An entry of the journal. The first top-up of a tenant makes its credit, prepaid.",
  tags: ["credit"],
  ...operatorAccess,
  "x-audit": { asked: true },
  request: { params: TenantParams, headers: IdempotencyRequired, body: bodyOf(Body) },
  responses: answers200(CreditSchema, "The credit after it"),
});

export const topUpCredit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const amount = parseMicros(body.amount, "amount");
    if (!amount.ok) return refuse(c, invalidFields([amount.error]));
    if (amount.value === 0) return refuse(c, invalidFields([nothing(body.amount)]));
    const input = { amountMicros: amount.value, reason: body.reason ?? "" };
    const { tenant } = c.req.valid("param");
    return answerCredit(c, tenant, (ledger) => ledger.change("top_up", input, changeMeta(c, route, body)));
  });
};

const nothing = (amount: string) => ({ field: "amount", rule: "must be above 0", value: JSON.stringify(amount) });
