import { z } from "@hono/zod-openapi";
import { availableMicros } from "../ledger/admission.ts";
import type { Credit } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import { AmountOut } from "./fields.ts";

/** Live money of a tenant. `over_by` only where the balance was taken below what the limit and the holds allow. */
export const CreditSchema = z
  .object({
    balance: AmountOut.openapi({ description: "May be negative" }),
    held: AmountOut,
    held_jobs: z.number().int(),
    limit: AmountOut.openapi({ description: "How far below zero the balance may go; 0: prepaid" }),
    available: AmountOut.openapi({ description: "balance + limit - held, never negative" }),
    over_by: AmountOut.optional(),
  })
  .openapi("Credit");

export function toCredit(credit: Credit): z.infer<typeof CreditSchema> {
  const left = credit.balanceMicros + credit.limitMicros - credit.heldMicros;
  return {
    balance: formatMicros(credit.balanceMicros),
    held: formatMicros(credit.heldMicros),
    held_jobs: credit.heldJobs,
    limit: formatMicros(credit.limitMicros),
    available: formatMicros(availableMicros(credit)),
    ...(left < 0 && { over_by: formatMicros(-left) }),
  };
}
