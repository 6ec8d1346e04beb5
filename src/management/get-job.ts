import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { formatMicros } from "../money/index.ts";
import { forTenant, withLoss } from "../jobs/timeline.ts";
import { findJob } from "../reporting/find-job.ts";
import { seeAccess } from "./access.ts";
import { TenantIdField } from "./fields.ts";
import {
  JobDetailSchema,
  marginOf,
  reportedEvents,
  toEvent,
  toInput,
  toJobDelivery,
  toPrediction,
} from "./job-detail-shape.ts";
import { toJob, toOwnJob } from "./job-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { tagged } from "./read-jobs.ts";
import { answers200 } from "./responses.ts";
import { isOperator, teamOf } from "./services.ts";

/** A job has few: one to its own URL and one to each standing endpoint, for each of two events at most. */
const DELIVERIES_MAX = 50;

const JobIdField = z.string().regex(/^[0-9a-f]{32}$/, "must be a job id: 32 lower-case hex digits");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/jobs/{job_id}",
  summary: "Show a job: its money, its outputs, its input where kept, its webhooks",
  description: "Has an ETag. Cost, margin, the id upstream, write-off and loss are told to operators.",
  tags: ["reports"],
  ...tagged(seeAccess),
  request: { params: z.object({ tenant: TenantIdField, job_id: JobIdField }) },
  responses: answers200(JobDetailSchema, "The job"),
});

export const getJob = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, job_id: id } = c.req.valid("param");
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const job = await findJob(services.report, tenant, id, known.value.ledger);
    const team = teamOf(c.get("principal"));
    // A tracker is asked for jobs that there are, and of the path's tenant alone.
    const tracker = job && (team === null || job.team === team) ? services.tracker(id) : null;
    if (!job || !tracker) return refuse(c, unknownJob(id));
    const isTold = isOperator(c.get("principal"));
    const [view, told, kept, deliveries, loss] = await Promise.all([
      tracker.view(id),
      tracker.timeline(id),
      tracker.input(id),
      services.desk(tenant).deliveries({ jobId: id, before: null, limit: DELIVERIES_MAX }),
      // Of what was charged, or goes on, there is none.
      isTold && job.endedAt !== null && job.priceMicros === null ? known.value.ledger.lossOf(id) : null,
    ]);
    const events = withLoss(told?.events ?? reportedEvents(job), loss);
    const listed = { ...job, key: job.keyId };
    c.header("cache-control", "private, no-cache");
    const body = {
      ...(isTold ? toJob(listed) : toOwnJob(listed)),
      held: job.heldMicros === null ? null : formatMicros(job.heldMicros),
      ...(isTold && { margin: marginOf(job), upstream_id: told?.upstreamId ?? null }),
      deleted: job.deletedAt !== null || (view === null && job.endedAt !== null),
      prediction: view && toPrediction(view, c.req.url),
      input: kept && toInput(kept),
      timeline: (isTold ? events : forTenant(events)).map(toEvent),
      deliveries: deliveries.map(toJobDelivery),
    };
    return c.json(body, 200);
  });
};

const unknownJob = (id: string): Refusal => ({ code: "not_found", message: `job ${id} does not exist` });
