import { createRoute, z } from "@hono/zod-openapi";
import { DELIVERY_STATES } from "../webhooks/types.ts";
import { manageAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { filtersOf } from "./job-shape.ts";
import { knownDesk } from "./known-desk.ts";
import type { ManagementApp } from "./management-app.ts";
import { cutPage, decodeCursor, pageFields, pageOf } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { DeliveryIdField, DeliverySchema, EndpointIdField, toDelivery } from "./webhook-shape.ts";

const Query = z.strictObject({
  ...pageFields,
  endpoint: EndpointIdField.optional(),
  job: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hex digits")
    .optional(),
  state: z.enum(DELIVERY_STATES).optional(),
});

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/webhook-deliveries",
  summary: "List a tenant's webhook deliveries, newest first",
  description: "They are kept for 30 days, the newest 100,000.",
  tags: ["webhooks"],
  ...manageAccess,
  request: { params: TenantParams, query: Query },
  responses: answers200(pageOf(DeliverySchema), "A page of deliveries"),
});

export const listDeliveries = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor, endpoint: endpointId, job: jobId, state } = c.req.valid("query");
    const before = decodeCursor(cursor);
    if (!before.ok) return refuse(c, invalidFields([before.error]));
    if (before.value !== "" && !DeliveryIdField.safeParse(before.value).success) {
      return refuse(
        c,
        invalidFields([{ field: "cursor", rule: "must be a next_cursor of this list", value: "another" }]),
      );
    }
    const desk = await knownDesk(c.get("services"), c.req.valid("param").tenant);
    if (!desk.ok) return refuse(c, desk.error);
    const filters = filtersOf({ endpointId, jobId, state });
    const rows = await desk.value.deliveries({ ...filters, before: before.value || null, limit: limit + 1 });
    const page = cutPage(rows, limit);
    return c.json({ data: page.rows.map(toDelivery), next_cursor: page.next }, 200);
  });
};
