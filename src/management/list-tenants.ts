import { createRoute } from "@hono/zod-openapi";
import * as registry from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ListedTenantSchema, toListedTenant } from "./tenant-shape.ts";

const route = createRoute({
  method: "get",
  path: "/tenants",
  summary: "List tenants, by id",
  description: "From the registry, which follows each tenant's own state.",
  tags: ["tenants"],
  ...operatorAccess,
  request: { query: PageQuery },
  responses: answers200(pageOf(ListedTenantSchema), "A page of tenants"),
});

export const listTenants = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const found = await registry.listTenants(c.get("services").control, { after: after.value, limit: limit + 1 });
    const page = cutPage(found, limit);
    return c.json({ data: page.rows.map(toListedTenant), next_cursor: page.next }, 200);
  });
};
