import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";

const JobIdField = z.string().regex(/^[0-9a-f]{32}$/, "must be a job id: 32 lower-case hex digits");

const Body = z.strictObject({
  outcome: z.enum(["captured", "released"]).openapi({ description: "Whether the tenant is charged what was held" }),
  reason: z.string().trim().min(1).max(500).openapi({ description: "Goes into the journal with your key's id" }),
});

const Resolved = z.object({ id: JobIdField, outcome: Body.shape.outcome, reason: z.string() }).openapi("ResolvedJob");

const route = createRoute({
  method: "post",
  path: "/jobs/{job_id}/resolve",
  summary: "Decide a job that the gateway cannot tell",
  description:
    "Only jobs whose outcome was lost (`unknown`) or that ask for an operator. Final: the hold ends. A task that " +
    "WaveSpeed's webhook names for a released job after that is delivered, not charged, and a loss.",
  tags: ["jobs"],
  ...operatorAccess,
  request: { params: z.object({ job_id: JobIdField }), body: bodyOf(Body) },
  responses: answers200(Resolved, "Decided"),
});

export const resolveJob = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { job_id: id } = c.req.valid("param");
    const { outcome, reason } = c.req.valid("json");
    const tracker = c.get("services").tracker(id);
    const action = outcome === "captured" ? ("capture" as const) : ("release" as const);
    const answer = await tracker?.resolve(id, { action, reason, actor: actorOf(c.get("principal")) });
    if (answer === "resolved") return c.json({ id, outcome, reason }, 200);
    return refuse(c, REFUSALS[answer ?? "no_job"]);
  });
};

const REFUSALS: Record<"no_job" | "not_unclear" | "found", Refusal> = {
  no_job: { code: "not_found", message: "there is no such job" },
  not_unclear: { code: "conflict", message: "this job is not unclear: the gateway knows its end, or will" },
  found: { code: "conflict", message: "this job's task was found just now, so that decides" },
};
