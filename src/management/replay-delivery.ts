import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";
import { jsonOf } from "./responses.ts";
import { DeliveryParams, DeliverySchema, toDelivery } from "./webhook-shape.ts";

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/webhook-deliveries/{delivery_id}/replay",
  summary: "Send a webhook delivery again, now",
  description:
    "The same body and webhook-id, signed anew, with all its retries, whether it had failed or been delivered. 409 " +
    "where its endpoint is disabled or deleted, or its job was deleted.",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: DeliveryParams },
  responses: { 202: jsonOf(DeliverySchema, "The delivery, on its way"), default: problemResponse },
});

export const replayDelivery = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, delivery_id } = c.req.valid("param");
    const desk = await knownDesk(c.get("services"), tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const replayed = await desk.value.replay(delivery_id);
    return replayed.ok ? c.json(toDelivery(replayed.value), 202) : refuse(c, replayed.error);
  });
};
