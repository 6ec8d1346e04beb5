import { createRoute, z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { NO_TEAM } from "../people/index.ts";
import { runAccess } from "./access.ts";
import { consoleKey } from "./console-key.ts";
import { ModeField, ModelField, TenantParams } from "./fields.ts";
import { IdempotencyRequired } from "./idempotency.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";
import { teamOf } from "./services.ts";
import { callTenantApi } from "./tenant-call.ts";

const Body = z.strictObject({
  model: ModelField,
  input: z.record(z.string(), z.unknown()).openapi({ description: "As the model's schema has it" }),
  mode: ModeField.default("test").openapi({ description: "test: the sandbox, never billed" }),
});

const StartedJobSchema = z.object({ id: z.string(), model: z.string(), status: z.string() }).openapi("StartedJob");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/jobs",
  summary: "Run a job as a person, from the console",
  description:
    "What a client submits, by a key of the person's own (`Console: ...` among the tenant's keys), so budgets, limits " +
    "and prices hold. The same Idempotency-Key is the same job. A management key cannot run jobs.",
  tags: ["jobs"],
  ...runAccess,
  "x-audit": false,
  request: { params: TenantParams, headers: IdempotencyRequired, body: bodyOf(Body) },
  responses: answers201(StartedJobSchema, "The job; read it at /v1/tenants/{tenant}/jobs/{job}"),
});

export const createJob = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const principal = c.get("principal");
    if (principal.kind !== "person") return refuse(c, PEOPLE_ALONE);
    if (teamOf(principal) === NO_TEAM) return refuse(c, TEAM_NEEDED);
    const { model, input, mode } = c.req.valid("json");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { tenant, ledger } = known.value;
    const key = await consoleKey(services, ledger, { tenant: tenant.id, mode, principal });
    if (!key.ok) return refuse(c, key.error);
    const headers = { "idempotency-key": c.req.valid("header")["idempotency-key"] };
    const sent = { key: key.value, method: "POST", path: `/api/v3/${model}`, body: input, headers } as const;
    const started = await callTenantApi(c, sent);
    if (!started.ok) return refuse(c, started.error);
    return c.json(StartedJobSchema.parse(started.value), 201);
  });
};

/** Else the job would be of no team, and whoever ran it could not see it. */
const TEAM_NEEDED: Refusal = { code: "forbidden", message: "a member runs jobs for a team: ask to be put into one" };

const PEOPLE_ALONE: Refusal = { code: "forbidden", message: "a management key cannot run jobs: use a tenant's key" };
