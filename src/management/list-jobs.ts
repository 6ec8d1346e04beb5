import { createRoute, z } from "@hono/zod-openapi";
import { formatMicros } from "../money/index.ts";
import * as reporting from "../reporting/list-jobs.ts";
import { JOB_STATUSES } from "../reporting/schema.ts";
import { operatorAccess } from "./access.ts";
import {
  AmountOut,
  InstantOut,
  KeyIdField,
  LabelField,
  ModeField,
  TenantParams,
  toInstant,
  toInstantOrNull,
} from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageFields, pageOf } from "./page.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const Query = z.strictObject({
  ...pageFields,
  mode: ModeField.optional(),
  model: z.string().max(200).optional(),
  status: z.enum(JOB_STATUSES).optional(),
  team: LabelField.optional(),
  key: KeyIdField.optional(),
});

/** `price` and `ended_at` are null until the job was captured or released. */
const JobSchema = z
  .object({
    id: z.string(),
    model: z.string(),
    status: z.enum(JOB_STATUSES),
    mode: ModeField,
    team: z.string().nullable(),
    key: z.string(),
    seconds: z.number().int(),
    cost: AmountOut,
    price: AmountOut.nullable(),
    rate_version: z.number().int(),
    tags: z.record(z.string(), z.string()),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    created_at: InstantOut,
    ended_at: InstantOut.nullable(),
  })
  .openapi("Job");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/jobs",
  summary: "List a tenant's jobs, newest first",
  description: "A page with filters may be short, even empty, and still have a next_cursor to go on from.",
  tags: ["reports"],
  ...operatorAccess,
  request: { params: TenantParams, query: Query },
  responses: answers200(pageOf(JobSchema), "A page of jobs"),
});

export const listJobs = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { limit, cursor, mode, model, status, team, key } = c.req.valid("query");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const page = await reporting.listJobs(services.report, {
      tenant: known.value.tenant.id,
      limit,
      cursor: cursor ?? null,
      ...(mode && { mode }),
      ...(model && { model }),
      ...(status && { status }),
      ...(team && { team }),
      ...(key && { key }),
    });
    if (!page.ok) return refuse(c, page.error);
    return c.json({ data: page.value.jobs.map(toJob), next_cursor: page.value.nextCursor }, 200);
  });
};

const toJob = (job: reporting.ListedJob): z.infer<typeof JobSchema> => ({
  id: job.id,
  model: job.model,
  status: job.status,
  mode: job.mode,
  team: job.team,
  key: job.key,
  seconds: job.seconds,
  cost: formatMicros(job.costMicros),
  price: job.priceMicros === null ? null : formatMicros(job.priceMicros),
  rate_version: job.rateVersion,
  tags: job.tags,
  outcome: job.outcome,
  reason: job.reason,
  created_at: toInstant(job.admittedAt),
  ended_at: toInstantOrNull(job.endedAt),
});
