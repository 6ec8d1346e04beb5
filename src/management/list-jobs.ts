import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { seeAccess } from "./access.ts";
import { KeyIdField, TenantParams } from "./fields.ts";
import { filtersOf, JOBS_TEXT, jobsFields, JobSchema, jobsPageOf, toJob, toOwnJob } from "./job-shape.ts";
import { jobOfTask } from "./job-of-task.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { readJobs, tagged } from "./read-jobs.ts";
import { answers200 } from "./responses.ts";
import { isOperator, teamOf } from "./services.ts";

const UpstreamIdField = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,128}$/, "must be a task's id at WaveSpeed: 1 to 128 characters of A-Z, a-z, 0-9, _ and -")
  .openapi({ description: "The one job that has this task at WaveSpeed; operators only" });

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/jobs",
  summary: "List a tenant's jobs, newest first",
  description: JOBS_TEXT,
  tags: ["reports"],
  ...tagged(seeAccess),
  request: {
    params: TenantParams,
    query: z.strictObject({ ...jobsFields, key: KeyIdField.optional(), upstream_id: UpstreamIdField.optional() }),
  },
  responses: answers200(jobsPageOf(JobSchema), "A page of jobs"),
});

export const listJobs = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { team: asked, key, upstream_id: upstreamId, ...filters } = c.req.valid("query");
    const principal = c.get("principal");
    if (upstreamId !== undefined && !isOperator(principal)) return refuse(c, OPERATORS_TASKS);
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { id, timeZone } = known.value.tenant;
    const nothing = { data: [], next_cursor: null, time_zone: timeZone };
    const seen = teamOf(principal);
    // Another team's jobs are none to somebody who sees one team.
    if (seen !== null && (asked ?? seen) !== seen) return c.json(nothing, 200);
    const job = upstreamId === undefined ? filters.q : await jobOfTask(services, id, upstreamId);
    if (upstreamId !== undefined && !job?.startsWith(filters.q ?? "")) return c.json(nothing, 200);
    const whose = filtersOf({ key, team: seen ?? asked });
    const page = await readJobs(services, known.value.tenant, { ...filters, q: job }, whose);
    if (!page.ok) return refuse(c, page.error);
    const show = isOperator(principal) ? toJob : toOwnJob;
    c.header("cache-control", "private, no-cache");
    return c.json({ ...nothing, data: page.value.jobs.map(show), next_cursor: page.value.nextCursor }, 200);
  });
};

const OPERATORS_TASKS: Refusal = {
  code: "forbidden",
  message: "which tasks jobs have at WaveSpeed is told to operators alone",
};
