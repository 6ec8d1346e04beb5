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

const Sum = z.object(sums);

const ModelLine = z.object({ model: z.string(), ...sums });
const TeamLine = z.object({ team: z.string().nullable().openapi({ description: "null: jobs of no team" }), ...sums });
const KeyLine = z.object({ key: z.string(), ...sums });

const Movement = z.object({
  at: InstantOut,
  cause: z.enum(["top_up", "adjustment"]),
  amount: AmountOut.openapi({ description: "An adjustment may be negative" }),
  reason: z.string(),
});

/** opening_balance + top_ups + adjustments - charged = closing_balance. */
const StatementCredit = z.object({
  opening_balance: AmountOut,
  top_ups: AmountOut,
  adjustments: AmountOut,
  charged: AmountOut.openapi({
    description: "Captured in the month from the credit; the total, unless jobs were not on credit",
  }),
  closing_balance: AmountOut.openapi({ description: "At the end of the month; of an open month: so far" }),
  movements: z.array(Movement).openapi({ description: "Oldest first, 1,000 at most" }),
  more_movements: z.boolean().openapi({ description: "There were more; the sums have them all" }),
});

const head = {
  tenant: z.string(),
  month: z.string().openapi({ description: "YYYY-MM, of the tenant's calendar" }),
  time_zone: z.string(),
  closed: z.boolean().openapi({
    description:
      "The month is over in the tenant's time zone and everything of it is in: nothing in it changes any more",
  }),
};

/** A line of the list of statements. */
export const StatementSummarySchema = z.object({ ...head, ...sums }).openapi("StatementSummary");

export const StatementSchema = z
  .object({
    ...head,
    from: InstantOut.openapi({ description: "When the month begins" }),
    to: InstantOut.openapi({ description: "When the next one begins" }),
    counted_at: z.literal("capture"),
    by_model: z.array(ModelLine),
    by_team: z.array(TeamLine),
    by_key: z.array(KeyLine),
    total: Sum,
    credit: StatementCredit.nullable().openapi({ description: "null: the tenant has had no credit" }),
  })
  .openapi("Statement");
