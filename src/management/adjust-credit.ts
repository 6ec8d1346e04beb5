import { createRoute, z } from "@hono/zod-openapi";
import { parseSignedMicros } from "../money/index.ts";
import { operatorAccess } from "./access.ts";
import { answerCredit } from "./answer-change.ts";
import { CreditSchema } from "./credit-shape.ts";
import { AmountField, ReasonField, TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyRequired } from "./idempotency.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({
  amount: AmountField.openapi({ example: "-5.00", description: "USD; a minus sign takes away. Not 0" }),
  reason: ReasonField,
});

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/credit/adjustments",
  summary: "Correct a tenant's balance by hand",
  description: "An entry of the journal, with its reason and who made it. The balance may go below zero.",
  tags: ["credit"],
  ...operatorAccess,
  "x-audit": { asked: true },
  request: { params: TenantParams, headers: IdempotencyRequired, body: bodyOf(Body) },
  responses: answers200(CreditSchema, "The credit after it"),
});

export const adjustCredit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const amount = parseSignedMicros(body.amount, "amount");
    if (!amount.ok) return refuse(c, invalidFields([amount.error]));
    if (amount.value === 0) return refuse(c, invalidFields([nothing(body.amount)]));
    const input = { amountMicros: amount.value, reason: body.reason };
    const { tenant } = c.req.valid("param");
    return answerCredit(c, tenant, (ledger) => ledger.change("adjust_credit", input, changeMeta(c, route, body)));
  });
};

const nothing = (amount: string) => ({ field: "amount", rule: "must not be 0", value: JSON.stringify(amount) });
