import { createRoute } from "@hono/zod-openapi";
import * as settings from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { ManagementKeySchema, toManagementKey } from "./management-key-shape.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/management-keys",
  summary: "List operators' keys, revoked ones too, by id",
  tags: ["operators"],
  ...operatorAccess,
  request: { query: PageQuery },
  responses: answers200(pageOf(ManagementKeySchema), "A page of keys"),
});

export const listManagementKeys = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const { control } = c.get("services");
    const page = cutPage(await settings.listManagementKeys(control, { after: after.value, limit: limit + 1 }), limit);
    return c.json({ data: page.rows.map(toManagementKey), next_cursor: page.next }, 200);
  });
};
