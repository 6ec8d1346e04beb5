import { createRoute, z } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { KeyIdField, TenantParams } from "./fields.ts";
import { filtersOf, JOBS_TEXT, jobsFields, JobSchema, toJob, toOwnJob } from "./job-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf } from "./page.ts";
import { refuse } from "./problem.ts";
import { readJobs, tagged } from "./read-jobs.ts";
import { answers200 } from "./responses.ts";
import { isOperator, teamOf } from "./services.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/jobs",
  summary: "List a tenant's jobs, newest first",
  description: JOBS_TEXT,
  tags: ["reports"],
  ...tagged(seeAccess),
  request: { params: TenantParams, query: z.strictObject({ ...jobsFields, key: KeyIdField.optional() }) },
  responses: answers200(pageOf(JobSchema), "A page of jobs"),
});

export const listJobs = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { team: asked, key, ...filters } = c.req.valid("query");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const principal = c.get("principal");
    const seen = teamOf(principal);
    // Another team's jobs are none to somebody who sees one team.
    if (seen !== null && (asked ?? seen) !== seen) return c.json({ data: [], next_cursor: null }, 200);
    const page = await readJobs(services, known.value.tenant.id, filters, filtersOf({ key, team: seen ?? asked }));
    if (!page.ok) return refuse(c, page.error);
    const show = isOperator(principal) ? toJob : toOwnJob;
    c.header("cache-control", "private, no-cache");
    return c.json({ data: page.value.jobs.map(show), next_cursor: page.value.nextCursor }, 200);
  });
};
