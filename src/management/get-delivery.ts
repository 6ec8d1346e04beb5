import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { DeliveryDetailSchema, DeliveryParams, toDetail } from "./webhook-shape.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/webhook-deliveries/{delivery_id}",
  summary: "Show a webhook delivery with what was sent and every attempt",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: DeliveryParams },
  responses: answers200(DeliveryDetailSchema, "The delivery"),
});

export const getDelivery = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, delivery_id } = c.req.valid("param");
    const desk = await knownDesk(c.get("services"), tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const found = await desk.value.delivery(delivery_id);
    if (found) return c.json(toDetail(found.delivery, found.attempts, found.body), 200);
    return refuse(c, { code: "not_found", message: `webhook delivery ${delivery_id} does not exist` });
  });
};
