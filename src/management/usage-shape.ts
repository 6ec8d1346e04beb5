import { z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import { localDay } from "../ledger/windows.ts";
import { formatMicros } from "../money/index.ts";
import type { UsageRow, UsageSum } from "../reporting/group-usage.ts";
import { usage } from "../reporting/usage.ts";
import { USAGE_GROUPS, type UsageGroup, type UsageQuery } from "../reporting/usage-query.ts";
import { AmountOut, ModeField } from "./fields.ts";
import type { Services } from "./services.ts";

const DAYS_DEFAULT = 30;
const DAY_MS = 86_400_000;

const GROUPS = new Set<string>(USAGE_GROUPS);
const isGroup = (name: string): name is UsageGroup => GROUPS.has(name);

const GroupBy = z
  .string()
  .max(100)
  .refine((text) => text.split(",").every(isGroup), `must be some of ${USAGE_GROUPS.join(", ")}, with commas`)
  .transform((text) => text.split(",").filter(isGroup))
  .openapi({ type: "string", example: "day,model" });

const Day = z.iso.date("must be a calendar day, YYYY-MM-DD");

export const UsageQuerySchema = z.strictObject({
  from: Day.optional().openapi({
    description: "First local day of capture; absent: 30 days up to `to`, or as many as one answer reads",
  }),
  to: Day.optional().openapi({ description: "Last local day of capture; absent: today" }),
  group_by: GroupBy.optional(),
  mode: z.enum(["live", "test", "all"]).default("live"),
});

const OwnSum = z.object({ jobs: z.number().int(), seconds: z.number().int(), price: AmountOut });
const Sum = OwnSum.extend({ cost: AmountOut.optional().openapi({ description: "Told to operators" }) });

const groups = {
  day: z.string().optional(),
  model: z.string().optional(),
  team: z.string().nullable().optional(),
  key: z.string().optional(),
  mode: ModeField.optional(),
};

const span = { from: z.string(), to: z.string(), counted_at: z.literal("capture") };

export const UsageSchema = z.object({ ...span, data: z.array(Sum.extend(groups)), total: Sum }).openapi("Usage");

/** What a tenant sees: cost is the operator's secret. */
export const OwnUsageSchema = z
  .object({ ...span, data: z.array(OwnSum.extend(groups)), total: OwnSum })
  .openapi("OwnUsage");

/** Sums of a span of the tenant's local days, 30 up to today unless others were asked for. */
export async function readUsage(
  services: Services,
  of: Pick<UsageQuery, "tenant" | "key" | "team"> & { timeZone: string },
  asked: z.infer<typeof UsageQuerySchema>,
): Promise<Result<{ from: string; to: string; rows: UsageRow[]; total: UsageSum }, Refusal>> {
  const { timeZone, ...whose } = of;
  const to = asked.to ?? localDay(services.now(), timeZone);
  const from = asked.from ?? daysBefore(to, DAYS_DEFAULT - 1);
  const mayShorten = asked.from === undefined;
  const query = { ...whose, from, to, groupBy: asked.group_by ?? [], mode: asked.mode, mayShorten };
  const found = await usage(services.report, query);
  return found.ok ? ok({ to, ...found.value }) : found;
}

const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

/** A row or a total, without what it cost. */
export const toOwnSum = <Row extends UsageSum>({ costMicros: _cost, priceMicros, ...row }: Row) => ({
  ...row,
  price: formatMicros(priceMicros),
});

export const toSum = <Row extends UsageSum>(row: Row) => ({ ...toOwnSum(row), cost: formatMicros(row.costMicros) });
