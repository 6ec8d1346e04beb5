import { createRoute, z } from "@hono/zod-openapi";
import { OVERLAP_SECONDS_MAX } from "../ledger/change-keys.ts";
import { manageAccess } from "./access.ts";
import { InstantOut, TenantParams, toInstant, toInstantOrNull } from "./fields.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const Body = z.strictObject({
  overlap_seconds: z
    .number()
    .int()
    .min(0)
    .max(OVERLAP_SECONDS_MAX)
    .openapi({ description: "How long the secret in use signs beside the new one; 0: it ends now" }),
});

const RotatedSchema = z
  .object({ created_at: InstantOut, previous_until: InstantOut.nullable() })
  .openapi("WebhookSecretRotation");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/webhook-secret/rotate",
  summary: "Give a tenant a new webhook secret",
  description:
    "It is not shown here: the tenant reads it with its own key at GET /api/v3/webhook/secret. Until the overlap ends, " +
    "Standard Webhooks signatures are made with both; WaveSpeed's header has room for the new one only.",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
  responses: answers200(RotatedSchema, "Rotated"),
});

export const rotateWebhookSecret = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant } = c.req.valid("param");
    const desk = await knownDesk(c.get("services"), tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const made = await desk.value.rotateSecret(tenant, c.req.valid("json").overlap_seconds);
    const rotated = { created_at: toInstant(made.createdAt), previous_until: toInstantOrNull(made.previousUntil) };
    return c.json(rotated, 200);
  });
};
