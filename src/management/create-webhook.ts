import { createRoute, z } from "@hono/zod-openapi";
import { JOB_EVENTS } from "../webhooks/types.ts";
import { manageAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import { knownDesk, webhookUrl } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";
import { endpointFields, toWebhook, WebhookSchema } from "./webhook-shape.ts";

const Body = z.strictObject({
  url: endpointFields.url,
  events: endpointFields.events.default([...JOB_EVENTS]),
  mode: endpointFields.mode.default(null),
  signature: endpointFields.signature.default("standard"),
  description: endpointFields.description.default(""),
});

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/webhooks",
  summary: "Make a standing webhook endpoint",
  description:
    "It hears how the tenant's jobs end, of those that are submitted from now on. https on port 443 to a public name; " +
    "redirects are not followed. At most 20 of a tenant. The tenant reads its secret at GET /api/v3/webhook/secret.",
  tags: ["webhooks"],
  ...manageAccess,
  "x-audit": { tells: ["url"] },
  request: { params: TenantParams, headers: IdempotencyHeaders, body: bodyOf(Body) },
  responses: answers201(WebhookSchema, "The endpoint"),
});

export const createWebhook = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant } = c.req.valid("param");
    const body = c.req.valid("json");
    const desk = await knownDesk(services, tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const url = webhookUrl(services, body.url);
    if (!url.ok) return refuse(c, url.error);
    const { once } = changeMeta(c, route, body);
    const made = await desk.value.createEndpoint(tenant, { ...body, url: url.value }, once);
    return made.ok ? c.json(toWebhook(made.value), 201, replayHeaders(made.replayed)) : refuse(c, made.error);
  });
};
