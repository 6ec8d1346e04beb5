import type { z } from "@hono/zod-openapi";
import { etag } from "hono/etag";
import { every } from "hono/combine";
import type { MiddlewareHandler } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import { readLateJobs } from "../reporting/late-jobs.ts";
import { listJobs, type JobsPage, type JobsQuery } from "../reporting/list-jobs.ts";
import type { RegisteredTenant } from "../settings/index.ts";
import { dayOf } from "./day-of.ts";
import { filtersOf, type jobsFields } from "./job-shape.ts";
import type { ManagementEnv, Services } from "./services.ts";

type Asked = z.infer<z.ZodObject<typeof jobsFields>>;

/**
 * A page of a tenant's jobs. What D1 has not heard yet comes from the journal; where D1 is too far behind for that, as
 * while it is rebuilt, the list is D1's alone.
 */
export async function readJobs(
  services: Services,
  { id: tenant, timeZone }: Pick<RegisteredTenant, "id" | "timeZone">,
  asked: Omit<Asked, "team">,
  whose: Pick<JobsQuery, "key" | "team"> = {},
): Promise<Result<JobsPage, Refusal>> {
  const { limit, cursor = null, state, from, to, q, ...same } = asked;
  const timeOf = (given: string | undefined, edge: "start" | "end"): number | undefined => {
    if (given === undefined) return undefined;
    return given.includes("T") ? Date.parse(given) : dayOf(given, timeZone)[edge];
  };
  const filters = filtersOf({
    ...same,
    ended: state && state === "ended",
    from: timeOf(from, "start"),
    to: timeOf(to, "end"),
    idPrefix: q,
  });
  const late = await readLateJobs(services.report, tenant, services.ledger(tenant));
  const query = { ...filters, ...whose, tenant, limit, cursor };
  return listJobs(services.report, query, late.ok ? late.value : undefined);
}

/** A guard whose answers carry an ETag, for lists that are asked for again and again. */
export const tagged = <Access extends { middleware: MiddlewareHandler<ManagementEnv> }>(access: Access) => ({
  ...access,
  middleware: every(access.middleware, etag()) as MiddlewareHandler<ManagementEnv>,
});
