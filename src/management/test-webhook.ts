import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";
import { jsonOf } from "./responses.ts";
import { DeliverySchema, toDelivery, WebhookParams } from "./webhook-shape.ts";

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/webhooks/{endpoint_id}/test",
  summary: "Send a test event to a webhook endpoint",
  description:
    "One attempt, in the shape of a completed prediction of the model wavegate/test, also to an endpoint that is " +
    "disabled. What came of it is in the delivery.",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: WebhookParams },
  responses: { 202: jsonOf(DeliverySchema, "The delivery, on its way"), default: problemResponse },
});

export const testWebhook = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, endpoint_id } = c.req.valid("param");
    const desk = await knownDesk(services, tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const origin = services.publicUrl ?? new URL(c.req.url).origin;
    const sent = await desk.value.testEndpoint(tenant, endpoint_id, origin);
    return sent.ok ? c.json(toDelivery(sent.value), 202) : refuse(c, sent.error);
  });
};
