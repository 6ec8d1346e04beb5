import { z } from "@hono/zod-openapi";
import { AmountOut, InstantOut } from "./fields.ts";

/** A month of the tenant's calendar. */
export const MonthField = z
  .string()
  .regex(/^[0-9]{4}-(0[1-9]|1[0-2])$/, "must be a month, YYYY-MM")
  .openapi({ example: "2026-11" });

const operatorsOnly = (description: string) => AmountOut.optional().openapi({ description });

/** What was captured, and what it came to. Every sum is the ledger's, to the micro-dollar. */
const sums = {
  jobs: z.number().int(),
  seconds: z.number().int(),
  price: AmountOut,
  cost: operatorsOnly("What WaveSpeed charged: told to operators"),
  margin: operatorsOnly("price - cost; may be negative: told to operators"),
};

const ModelLine = z.object({ model: z.string(), ...sums });
const TeamLine = z.object({ team: z.string().nullable().openapi({ description: "null: jobs of no team" }), ...sums });
const KeyLine = z.object({ key: z.string(), ...sums });

const Movement = z.object({
  at: InstantOut,
  cause: z.enum(["top_up", "adjustment"]),
  amount: AmountOut.openapi({ description: "An adjustment may be negative" }),
  balance: AmountOut.openapi({ description: "What the credit stood at right after it" }),
  reason: z.string(),
});

const Movements = z.object({
  sum: AmountOut.openapi({ description: "Of all movements that are listed" }),
  data: z.array(Movement).openapi({ description: "Oldest first, 1,000 at most" }),
  more: z.boolean().openapi({ description: "There were more than are listed" }),
});

const sumOfCause = AmountOut.nullable().openapi({ description: "null: there were more than 1,000 movements" });

const CreditAccount = z
  .object({
    opening: AmountOut.openapi({ description: "What the month before closed with" }),
    top_ups: sumOfCause,
    adjustments: sumOfCause,
    moved: AmountOut.openapi({ description: "Both together" }),
    captured: AmountOut.openapi({ description: "Of the jobs that were captured in this month, those on credit" }),
    closing: AmountOut.openapi({ description: "opening + moved - captured; so far, while the month is not closed" }),
  })
  .openapi("CreditAccount");

const head = {
  tenant: z.string(),
  month: z.string().openapi({ description: "YYYY-MM, of the tenant's calendar" }),
  time_zone: z.string(),
  closed: z.boolean().openapi({
    description: "The month is over in the tenant's time zone and all of it is in: nothing in it changes any more",
  }),
};

/** A line of the list of statements. */
export const StatementSummarySchema = z.object(head).openapi("StatementSummary");

export const StatementSchema = z
  .object({
    ...head,
    from: InstantOut.openapi({ description: "When the month begins" }),
    to: InstantOut.openapi({ description: "When the next one begins" }),
    counted_at: z.literal("capture"),
    by_model: z.array(ModelLine),
    by_team: z.array(TeamLine),
    by_key: z.array(KeyLine),
    total: z.object(sums),
    credit: CreditAccount.nullable().openapi({ description: "null: nothing was ever on it, or it is not known" }),
    credit_known: z.boolean().openapi({
      description: "false: the report has entries from before it counted credit; a rebuild of the report tells it",
    }),
    movements: Movements.openapi({ description: "Of the tenant's credit" }),
  })
  .openapi("Statement");
