import { z } from "@hono/zod-openapi";
import { formatMicros } from "../money/index.ts";
import type { Overview } from "../reporting/overview.ts";
import type { TenantSpend } from "../reporting/spend-by-tenant.ts";
import type { Series, SpendSum } from "../reporting/summarize-days.ts";
import { AmountOut, ModeField } from "./fields.ts";

const Day = z.iso.date("must be a calendar day, YYYY-MM-DD");

export const OverviewQuerySchema = z.strictObject({
  mode: ModeField.default("live"),
  from: Day.optional().openapi({ description: "First day of the charts, at most 92 days ago; absent: of this month" }),
  to: Day.optional().openapi({ description: "Last day of the charts; absent: today" }),
});

const told = { cost: AmountOut.optional(), margin: AmountOut.optional() };

const SpendSchema = z
  .object({ jobs: z.number().int(), price: AmountOut, ...told })
  .nullable()
  .openapi({
    description: "Captured, by day of capture; cost and margin are told to operators. null: too much to read",
  });

const SeriesSchema = z.object({
  name: z.string().nullable().openapi({ description: "null: the others, or (of teams) jobs of no team: see `others`" }),
  others: z.boolean(),
  jobs: z.number().int(),
  price: AmountOut,
  values: z.array(AmountOut).openapi({ description: "By day" }),
});

const rounded = z.number().int().nullable();

/** What the overviews of a tenant and of the gateway have in common. */
export const overviewFields = {
  mode: ModeField,
  today: z.string(),
  counted_at: z.literal("capture"),
  spend: z.object({ today: SpendSchema, month: SpendSchema, month_before: SpendSchema }).openapi({
    description:
      "month_before: of the month before, up to its day of the same number or its last; its statement has all",
  }),
  month_forecast: AmountOut.nullable().openapi({
    description:
      "This month's captures, and for the time that is left the mean of the last 7 whole days; null: fewer than 3 days",
  }),
  outcomes: z.object({
    from: z.string(),
    to: z.string(),
    completed: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
    success_rate: z.number().nullable().openapi({ description: "Completed of those that completed or failed, 0 to 1" }),
    mean_ms: rounded,
    p50_ms: rounded.openapi({ description: "Estimated within a bucket of a histogram, as p95_ms" }),
    p95_ms: rounded,
  }),
  days: z.array(z.string()).openapi({ description: "The charts' days, as far back as they could be read" }),
  by_day: z.array(AmountOut),
  by_model: z.array(SeriesSchema).openapi({ description: "The eight largest, and the others together" }),
};

/** Charts that the gateway as a whole does not have. */
export const tenantCharts = { by_team: z.array(SeriesSchema), by_key: z.array(SeriesSchema) };

const TenantSeriesSchema = SeriesSchema.extend({
  tenant: z.string().nullable().openapi({ description: "null: the others" }),
  name: z.string().nullable(),
  cost: AmountOut,
  margin: AmountOut,
});

/** What operators see of the gateway's tenants. */
export const ByTenantSchema = z
  .object({
    days: z.array(z.string()).openapi({ description: "The newest of the chart's days, as many as could be read" }),
    data: z.array(TenantSeriesSchema).openapi({ description: "The eight largest tenants, and the others together" }),
  })
  .nullable()
  .openapi({ description: "null: too much to read" });

/** `names`: of tenants, by id. */
export const toByTenant = (
  spend: TenantSpend | null,
  names: ReadonlyMap<string, string>,
): z.infer<typeof ByTenantSchema> =>
  spend && {
    days: spend.days,
    data: spend.series.map((line) => ({
      ...toSeries(line),
      tenant: line.name,
      name: line.name && (names.get(line.name) ?? line.name),
      cost: formatMicros(line.costMicros),
      margin: formatMicros(line.priceMicros - line.costMicros),
    })),
  };

const toSpend =
  (isTold: boolean) =>
  (sum: SpendSum | null): z.infer<typeof SpendSchema> =>
    sum && {
      jobs: sum.jobs,
      price: formatMicros(sum.priceMicros),
      ...(isTold && { cost: formatMicros(sum.costMicros), margin: formatMicros(sum.priceMicros - sum.costMicros) }),
    };

export const toSeries = ({ name, jobs, priceMicros, values }: Series): z.infer<typeof SeriesSchema> => ({
  name: name === "" ? null : name,
  others: name === null,
  jobs,
  price: formatMicros(priceMicros),
  values: values.map(formatMicros),
});

/** `isTold`: whoever asks is told costs. */
export function toOverview({ spend, monthForecastMicros, outcomes, chart }: Overview, isTold: boolean) {
  const { successRate, meanMs, p50Ms, p95Ms, ...counts } = outcomes;
  const show = toSpend(isTold);
  return {
    counted_at: "capture" as const,
    spend: { today: show(spend.today), month: show(spend.month), month_before: show(spend.monthBefore) },
    month_forecast: monthForecastMicros === null ? null : formatMicros(monthForecastMicros),
    outcomes: { ...counts, success_rate: successRate, mean_ms: meanMs, p50_ms: p50Ms, p95_ms: p95Ms },
    days: chart.days,
    by_day: chart.total.map(formatMicros),
    by_model: chart.by.model.map(toSeries),
  };
}
