import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, pageById, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { toWebhook, WebhookSchema } from "./webhook-shape.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/webhooks",
  summary: "List a tenant's webhook endpoints, by id",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(WebhookSchema), "A page of endpoints"),
});

export const listWebhooks = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const desk = await knownDesk(c.get("services"), c.req.valid("param").tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const page = pageById(await desk.value.endpoints(), after.value, limit);
    return c.json({ data: page.rows.map(toWebhook), next_cursor: page.next }, 200);
  });
};
