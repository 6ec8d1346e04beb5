import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { runAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ofTeam } from "./seen-by-team.ts";
import { teamOf } from "./services.ts";

const Params = TenantParams.extend({ job: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hex digits") });

const CancelledSchema = z.object({ id: z.string(), status: z.enum(["cancelled", "asked"]) }).openapi("CancelledJob");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/jobs/{job}/cancel",
  summary: "Cancel a job that was not sent yet",
  description: "Its hold is given back. WaveSpeed cannot cancel, so what it has goes on: 409.",
  tags: ["jobs"],
  ...runAccess,
  request: { params: Params },
  responses: answers200(
    CancelledSchema,
    "Cancelled; asked: its submit is on its way, and it is cancelled unless WaveSpeed takes it",
  ),
});

export const cancelJob = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, job } = c.req.valid("param");
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    // A job's id begins with its tenant, so that no other tenant's object is asked.
    const tracker = job.startsWith(tenant) ? services.tracker(job) : null;
    const told = await tracker?.timeline(job);
    const keys = ofTeam(await known.value.ledger.listKeys(), teamOf(c.get("principal")));
    if (!tracker || !told || !keys.some(({ id }) => id === told.terms?.keyId)) return refuse(c, unknownJob(job));
    const answer = await tracker.cancel(job);
    if (answer === "cancelled" || answer === "asked") return c.json({ id: job, status: answer }, 200);
    return refuse(c, answer === "no_job" ? unknownJob(job) : REFUSALS[answer]);
  });
};

const unknownJob = (id: string): Refusal => ({ code: "job_not_found", message: `job ${id} does not exist` });

const REFUSALS: Record<"too_late" | "ended", Refusal> = {
  too_late: { code: "conflict", message: "the upstream has this job, or may have it, and cannot cancel: it goes on" },
  ended: { code: "conflict", message: "this job has ended" },
};
