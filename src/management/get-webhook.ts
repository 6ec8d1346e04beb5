import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { toWebhook, WebhookParams, WebhookSchema } from "./webhook-shape.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/webhooks/{endpoint_id}",
  summary: "Show a webhook endpoint: whether it is enabled, and since when it has been failing",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: WebhookParams },
  responses: answers200(WebhookSchema, "The endpoint"),
});

export const getWebhook = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, endpoint_id } = c.req.valid("param");
    const desk = await knownDesk(c.get("services"), tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const endpoint = (await desk.value.endpoints()).find(({ id }) => id === endpoint_id);
    if (endpoint) return c.json(toWebhook(endpoint), 200);
    return refuse(c, { code: "not_found", message: `webhook endpoint ${endpoint_id} does not exist` });
  });
};
