import { createRoute, z } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { knownDesk, webhookUrl } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { endpointFields, givenOf, toWebhook, WebhookParams, WebhookSchema } from "./webhook-shape.ts";

const Body = z
  .strictObject({
    url: endpointFields.url.optional(),
    events: endpointFields.events.optional(),
    mode: endpointFields.mode.optional(),
    signature: endpointFields.signature.optional(),
    description: endpointFields.description.optional(),
    enabled: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, "must change something");

const route = createRoute({
  method: "patch",
  path: "/tenants/{tenant}/webhooks/{endpoint_id}",
  summary: "Change a webhook endpoint, disable it or enable it again",
  description:
    "What is not given stays. Deliveries that wait go to the new URL. One that is disabled gets nothing: what it missed " +
    "is not sent later, what had failed can be replayed.",
  tags: ["webhooks"],
  ...manageAccess,
  "x-audit": { tells: ["url"] },
  request: { params: WebhookParams, body: bodyOf(Body) },
  responses: answers200(WebhookSchema, "The endpoint as it is now"),
});

export const updateWebhook = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, endpoint_id } = c.req.valid("param");
    const { url, ...body } = c.req.valid("json");
    const desk = await knownDesk(services, tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const checked = url === undefined ? null : webhookUrl(services, url);
    if (checked && !checked.ok) return refuse(c, checked.error);
    const updated = await desk.value.updateEndpoint(tenant, endpoint_id, givenOf({ ...body, url: checked?.value }));
    return updated.ok ? c.json(toWebhook(updated.value), 200) : refuse(c, updated.error);
  });
};
