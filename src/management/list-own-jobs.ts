import { createRoute, z } from "@hono/zod-openapi";
import { readAccess } from "./access.ts";
import { filtersOf, JOBS_TEXT, jobsFields, jobsPageOf, OwnJobSchema, toOwnJob } from "./job-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { readJobs, tagged } from "./read-jobs.ts";
import { answers200 } from "./responses.ts";
import { NOT_A_TENANT } from "./services.ts";

const route = createRoute({
  method: "get",
  path: "/me/jobs",
  summary: "List this key's jobs, newest first",
  description: JOBS_TEXT,
  tags: ["tenant"],
  ...tagged(readAccess),
  request: { query: z.strictObject(jobsFields) },
  responses: answers200(jobsPageOf(OwnJobSchema), "A page of jobs of this key"),
});

export const listOwnJobs = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const principal = c.get("principal");
    if (principal.kind !== "tenant") return refuse(c, NOT_A_TENANT);
    const { team, ...filters } = c.req.valid("query");
    const { timeZone } = principal.tenant;
    const whose = filtersOf({ key: principal.key.id, team });
    const page = await readJobs(c.get("services"), { id: principal.tenant.tenant, timeZone }, filters, whose);
    if (!page.ok) return refuse(c, page.error);
    c.header("cache-control", "private, no-cache");
    const data = page.value.jobs.map(toOwnJob);
    return c.json({ data, next_cursor: page.value.nextCursor, time_zone: timeZone }, 200);
  });
};
