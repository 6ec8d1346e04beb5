import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";
import { WebhookParams } from "./webhook-shape.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/webhooks/{endpoint_id}",
  summary: "Delete a webhook endpoint",
  description: "Deliveries that still wait for it fail; they stay in the log.",
  tags: ["webhooks"],
  ...manageAccess,
  "x-audit": { tells: ["url"] },
  request: { params: WebhookParams },
  responses: { 204: { description: "Deleted" }, default: problemResponse },
});

export const deleteWebhook = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, endpoint_id } = c.req.valid("param");
    const desk = await knownDesk(c.get("services"), tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const deleted = await desk.value.deleteEndpoint(tenant, endpoint_id);
    if (deleted) return c.body(null, 204);
    return refuse(c, { code: "not_found", message: `webhook endpoint ${endpoint_id} does not exist` });
  });
};
