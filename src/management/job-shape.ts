import { z } from "@hono/zod-openapi";
import { formatMicros } from "../money/index.ts";
import type { ListedJob } from "../reporting/list-jobs.ts";
import { JOB_STATUSES } from "../reporting/schema.ts";
import { AmountOut, InstantField, InstantOut, LabelField, ModeField, toInstant, toInstantOrNull } from "./fields.ts";
import { pageFields, pageOf } from "./page.ts";

const DayOrInstant = z
  .union([z.iso.date(), InstantField], {
    error: "must be a calendar day, YYYY-MM-DD, or a date and time with an offset, e.g. 2026-12-01T00:00:00Z",
  })
  .optional();

/** The query of a list of jobs. */
export const jobsFields = {
  ...pageFields,
  mode: ModeField.optional(),
  model: z.string().max(200).optional(),
  status: z.enum(JOB_STATUSES).optional(),
  state: z.enum(["running", "ended"]).optional().openapi({ description: "Admitted and not ended, or ended" }),
  team: LabelField.optional(),
  from: DayOrInstant.openapi({
    description: "Admitted then or later; a day: on it or later, in the tenant's time zone",
  }),
  to: DayOrInstant.openapi({ description: "Admitted before; a day: on it or earlier" }),
  q: z
    .string()
    .regex(/^[0-9a-f]{13,32}$/, "must be 13 to 32 lower-case hex digits: an id, or how it begins")
    .optional()
    .openapi({ description: "Ids that begin so, in the order of ids" }),
};

export const JOBS_TEXT =
  "A job is listed as soon as its submit was answered. A page looks through 2,000 jobs at most: with filters it may be " +
  "short, even empty, and still have a next_cursor to go on from. Has an ETag: a page that asks again with " +
  "if-none-match is answered 304 while nothing has changed.";

/** A job as a tenant sees it. `price` and `ended_at` are null until it was captured or released. */
export const OwnJobSchema = z
  .object({
    id: z.string(),
    model: z.string(),
    status: z.enum(JOB_STATUSES),
    mode: ModeField,
    team: z.string().nullable(),
    key: z.string(),
    seconds: z.number().int(),
    price: AmountOut.nullable(),
    rate_version: z.number().int(),
    tags: z.record(z.string(), z.string()),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    created_at: InstantOut,
    ended_at: InstantOut.nullable(),
  })
  .openapi("OwnJob");

/** With what WaveSpeed charges, which is the operator's secret. */
export const JobSchema = OwnJobSchema.extend({
  cost: AmountOut.optional().openapi({ description: "Told to operators" }),
}).openapi("Job");

/** A page of jobs, and whose days its filters mean. */
export const jobsPageOf = <Row extends z.ZodType>(row: Row) => pageOf(row).extend({ time_zone: z.string() });

export const toOwnJob = (job: ListedJob): z.infer<typeof OwnJobSchema> => ({
  id: job.id,
  model: job.model,
  status: job.status,
  mode: job.mode,
  team: job.team,
  key: job.key,
  seconds: job.seconds,
  price: job.priceMicros === null ? null : formatMicros(job.priceMicros),
  rate_version: job.rateVersion,
  tags: job.tags,
  outcome: job.outcome,
  reason: job.reason,
  created_at: toInstant(job.admittedAt),
  ended_at: toInstantOrNull(job.endedAt),
});

export const toJob = (job: ListedJob): z.infer<typeof JobSchema> => ({
  ...toOwnJob(job),
  cost: formatMicros(job.costMicros),
});

/** Leaves out the filters that were not given. */
export const filtersOf = <Filters extends object>(filters: Filters) =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Filters]?: Exclude<Filters[Name], undefined>;
  };
