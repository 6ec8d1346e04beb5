import { createRoute, z } from "@hono/zod-openapi";
import * as reporting from "../reporting/list-unclear-jobs.ts";
import { operatorAccess } from "./access.ts";
import { TenantIdField } from "./fields.ts";
import { JobSchema, toJob } from "./job-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageFields, pageOf } from "./page.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const UnclearJob = JobSchema.extend({ tenant: TenantIdField }).openapi("UnclearJob");

const route = createRoute({
  method: "get",
  path: "/jobs",
  summary: "List jobs of all tenants that people must look at, the oldest first",
  description: "`unknown`: usually clears itself within minutes. `needs_operator`: the reason says why it does not.",
  tags: ["jobs"],
  ...operatorAccess,
  request: {
    query: z.strictObject({ ...pageFields, state: z.enum(reporting.UNCLEAR_STATUSES).default("needs_operator") }),
  },
  responses: answers200(pageOf(UnclearJob), "A page of jobs"),
});

export const listUnclearJobs = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor, state } = c.req.valid("query");
    const query = { status: state, limit, cursor: cursor ?? null };
    const page = await reporting.listUnclearJobs(c.get("services").report, query);
    if (!page.ok) return refuse(c, page.error);
    const data = page.value.jobs.map((job) => ({ ...toJob(job), tenant: job.tenant }));
    return c.json({ data, next_cursor: page.value.nextCursor }, 200);
  });
};
